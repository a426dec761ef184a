"""培训需求: one module for each part."""
