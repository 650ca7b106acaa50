"""People in the operator's console; see config.operator."""
