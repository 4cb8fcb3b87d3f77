using Harmony.Core.Modules;
using Harmony.Http.Quic;
using Harmony.Imaging.Adapters.Dimse;
using Harmony.Imaging.Middleware.DicomFlatten;
using Harmony.Imaging.Middleware.DicomToDicomWeb;
using Harmony.Imaging.Middleware.DicomWebBridge;
using Harmony.Imaging.Services.DicomScp;
using Harmony.Imaging.Services.DicomScu;
using Harmony.Imaging.Services.DicomWeb;
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
            .Add(new ServiceModule("dicomweb", "DICOMweb: searching, retrieving and storing objects by HTTP.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<DicomWebOptions>(DicomWebEndpoint.Create),
                Backend = ModuleFactory<BackendContext,
                IBackend>.From<DicomWebBackendOptions>((options, context) => DicomWebBackend.Create(options, context, QuicSupport.OfThisMachine)),
            })

            .Add(new MiddlewareModule("dicom_flatten", "Converts DICOM JSON to plain JSON, which is easy to transform.",
                ModuleFactory<MiddlewareContext,
                    IMiddleware>.From<DicomFlattenOptions>((o, c) => new DicomFlattenMiddleware(o.Apply, flattens: true, c.Environment.Limits))))
            .Add(new MiddlewareModule("dicom_to_dicomweb", "Serves DIMSE clients from a DICOMweb server: QIDO-RS, WADO-RS, STOW-RS.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<DicomToDicomWebOptions>((_, c) => new DicomToDicomWebMiddleware(c.Environment.Limits))))
            .Add(new MiddlewareModule("dicom_unflatten", "Converts the plain JSON of dicom_flatten back to DICOM JSON.",
                ModuleFactory<MiddlewareContext,
                    IMiddleware>.From<DicomFlattenOptions>((o, c) => new DicomFlattenMiddleware(o.Apply, flattens: false, c.Environment.Limits))))
            .Add(new MiddlewareModule("dicomweb_bridge", "Serves DICOMweb clients from a DIMSE system: C-FIND, C-GET or C-MOVE, C-STORE.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<DicomWebBridgeOptions>(DicomWebBridgeMiddleware.Create))
            { Aliases = ["dicomweb", "dicomweb_to_dicom"] });
    }
}
