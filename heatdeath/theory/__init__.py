"""What can be known without sampling: exact laws and the mean-field flow."""
