"""What a sheet contains, as data: the description, and the builders of every sheet of ours."""
