"""The file's sections about the person, the posts and the merits; training and others bring their own."""
