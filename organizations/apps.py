from foundation import autodiscovery


class OrganizationsConfig(autodiscovery.PackageConfig):
    name = "organizations"
    verbose_name = "机构与人员"
