"""A device in this process, in virtual time: `quecsim.open_virtual("ec200u")`."""
