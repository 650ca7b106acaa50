// An announcement that was put away in place leaves the focus where the page begins;
// of a swap that brings nothing, htmx says no more than that the request is over.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.target?.matches(".banner"))
    document.getElementById("main").focus();
});
