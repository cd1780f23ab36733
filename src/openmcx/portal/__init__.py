"""Where domains meet: the start page, the home page of each role, and what the network says about itself."""
