using Harmony.Core.Modules;
using Harmony.Fhir.Middleware.FhirValidate;
using Harmony.Fhir.Middleware.ImagingStudy;
using Harmony.Fhir.Middleware.SmartScopes;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir;

/// <summary>FHIR: the RESTful API as an endpoint, and servers of it behind the gateway.</summary>
public sealed class FhirPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules.Add(new MiddlewareModule("smart_scopes", "Lets tokens do what their SMART scopes say: interactions, types, and the compartment of the patient.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<SmartScopesOptions>(SmartScopesMiddleware.Create)));
        modules.Add(new MiddlewareModule("fhir_validate", "Holds resources against FHIR R4: elements, lists, forms, what has to be there.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<FhirValidateOptions>(FhirValidateMiddleware.Create)));
        modules.Add(new MiddlewareModule("imaging_study", "ImagingStudy of FHIR over C-FIND: searches and reads for an archive behind dicom_scu.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<ImagingStudyOptions>(ImagingStudyMiddleware.Create)));
        modules.Add(new ServiceModule("fhir", "FHIR: the RESTful API, and FHIR servers whose links lead back through the gateway.")
        {
            Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<FhirEndpointOptions>(FhirEndpoint.Create),
            Backend = ModuleFactory<BackendContext, IBackend>.From<FhirBackendOptions>(FhirBackend.Create),
        });
    }
}
