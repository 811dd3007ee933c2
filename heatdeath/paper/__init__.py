"""The paper: the numbers that its text quotes, and the PDF that is made of them."""
