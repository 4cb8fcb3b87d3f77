using Harmony.Core.Modules;

namespace Harmony.Modules;

/// <summary>Names that configurations of the public Harmony Proxy use and that are still to come. Each leaves this list when its module arrives.</summary>
internal static class PlannedModules
{
    public static void AddTo(ModuleRegistryBuilder modules)
    {
        foreach (var module in All) modules.Add(module);
    }

    private static IEnumerable<PlannedModule> All =>
    [
        Service("dicomweb", "DICOMweb: QIDO-RS, WADO-RS, STOW-RS."),
        Service("fhir", "FHIR endpoint and backend."),
        Service("jmix", "JMIX packages endpoint."),
        Service("jmix_backend", "JMIX packages backend."),

        Middleware("connect", "Reserved name without effect.", "connection"),
        Middleware("dicom_flatten", "DICOM JSON to plain JSON."),
        Middleware("dicom_to_dicomweb", "DIMSE operations to DICOMweb requests."),
        Middleware("dicom_unflatten", "Plain JSON to DICOM JSON."),
        Middleware("dicomweb_bridge", "DICOMweb requests to DIMSE operations.", "dicomweb", "dicomweb_to_dicom"),
        Middleware("jmix_builder", "Builds JMIX packages."),
        Middleware("mesh_auth", "Authenticates members of a mesh."),
    ];

    private static PlannedModule Service(string name, string summary, params string[] aliases) => new("service", name, summary) { Aliases = aliases };

    private static PlannedModule Middleware(string name, string summary, params string[] aliases) => new("middleware", name, summary) { Aliases = aliases };
}
