using Harmony.Core.Modules;

namespace Harmony.Core.Tests.Fakes;

/// <summary>A few small modules that configurations of the tests can name.</summary>
internal static class CaseModules
{
    public static ModuleRegistry Registry { get; } = new ModuleRegistryBuilder()
        .Add(new ServiceModule("http", "In and out.")
        {
            Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<CaseEndpointOptions>(CaseEndpoint.Create),
            Backend = ModuleFactory<BackendContext, IBackend>.From<CaseBackendOptions>(CaseBackend.Create),
        })
        .Add(new ServiceModule("sink", "Backend only.")
        {
            Backend = ModuleFactory<BackendContext, IBackend>.From<CaseBackendOptions>(CaseBackend.Create),
        })
        .Add(new ServiceModule("door", "Endpoint only, with a listener of its own.")
        {
            Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<NoOptions>((_, _) => new DoorEndpoint()),
        })
        .Add(new MiddlewareModule("tag", "Works on both sides.", ModuleFactory<MiddlewareContext, IMiddleware>.From<TagOptions>((_, _) => new TagMiddleware()))
        {
            Aliases = ["label"],
        })
        .Add(new MiddlewareModule("gate", "Works on the left side and needs an authentication.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>(GateMiddleware.Create)))
        .Add(new MiddlewareModule(
            "half", "Wants the right side.", ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>((_, _) => new HalfMiddleware())))
        .Add(new MiddlewareModule("stamp", "Works on the right side.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>((_, _) => new StampMiddleware())))
        .Add(new PlannedModule("service", "dicom_scp", "A listener to come.") { HasOwnListener = true })
        .Add(new PlannedModule("service", "fhir", "A service to come."))
        .Add(new PlannedModule("service", "management", "What the program around brings."))
        .Add(new PlannedModule("middleware", "jwt_auth", "A middleware to come.") { Aliases = ["jwt"] })
        .Build();
}
