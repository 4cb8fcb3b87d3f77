using Harmony.Core.Modules;
using Harmony.Imaging.Adapters.Dimse;
using Harmony.Imaging.Services.DicomScp;
using Harmony.Imaging.Services.DicomScu;
using Harmony.Imaging.Services.MockDicom;

namespace Harmony.Imaging;

/// <summary>DICOM by DIMSE, in and out.</summary>
/// <param name="clock">Tells the time.</param>
public sealed class ImagingPack(TimeProvider clock) : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new DimseAdapter(clock))
            .Add(new ServiceModule("dicom_scp", "DICOM endpoint: accepts associations for C-ECHO, C-STORE, C-FIND, C-GET and C-MOVE.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<DicomScpOptions>(DicomScpBuilder.Create),
            })
            .Add(new ServiceModule("dicom_scu", "DICOM backend: sends C-ECHO, C-FIND, C-GET, C-MOVE and C-STORE to other systems.")
            {
                Aliases = ["dicom"],
                Backend = ModuleFactory<BackendContext, IBackend>.From<DicomScuOptions>(DicomScuBackend.Create),
            })
            .Add(new ServiceModule("mock_dicom", "Responds like a PACS that holds one invented study, for trying out pipelines.")
            {
                Backend = ModuleFactory<BackendContext, IBackend>.From<MockDicomOptions>(MockDicomBackend.Create),
            })

            .Add(new PlannedModule("service", "dicomweb", "DICOMweb: QIDO-RS, WADO-RS, STOW-RS."))
            .Add(new PlannedModule("middleware", "dicom_flatten", "DICOM JSON to plain JSON."))
            .Add(new PlannedModule("middleware", "dicom_to_dicomweb", "DIMSE operations to DICOMweb requests."))
            .Add(new PlannedModule("middleware", "dicom_unflatten", "Plain JSON to DICOM JSON."))
            .Add(new PlannedModule("middleware", "dicomweb_bridge", "DICOMweb requests to DIMSE operations.") { Aliases = ["dicomweb", "dicomweb_to_dicom"] });
    }
}
