using Harmony.Core.Modules;
using Harmony.Modules.Adapters.Dimse;
using Harmony.Modules.Adapters.Http;
using Harmony.Modules.Middleware.ApiKey;
using Harmony.Modules.Middleware.BasicAuth;
using Harmony.Modules.Middleware.JsonExtractor;
using Harmony.Modules.Middleware.JwtAuth;
using Harmony.Modules.Middleware.LogDump;
using Harmony.Modules.Middleware.MetadataTransform;
using Harmony.Modules.Middleware.OAuth2Introspection;
using Harmony.Modules.Middleware.Passthru;
using Harmony.Modules.Middleware.PathFilter;
using Harmony.Modules.Middleware.Policies;
using Harmony.Modules.Middleware.Schema;
using Harmony.Modules.Middleware.Transform;
using Harmony.Modules.Middleware.Webhook;
using Harmony.Modules.Quic;
using Harmony.Modules.Services.DicomScp;
using Harmony.Modules.Services.DicomScu;
using Harmony.Modules.Services.Echo;
using Harmony.Modules.Services.Http;
using Harmony.Modules.Services.Http3;
using Harmony.Modules.Services.MockDicom;
using Harmony.Modules.Services.Storage;

namespace Harmony.Modules;

/// <summary>Everything a configuration can name without a plug-in. A new module is one line here and a folder of its name.</summary>
/// <param name="clock">Tells the time.</param>
/// <param name="quic">Whether QUIC can be spoken.</param>
public sealed class StandardModules(TimeProvider clock, QuicSupport quic) : IModulePack
{
    /// <summary>The modules as this machine can run them.</summary>
    public StandardModules(TimeProvider clock)
        : this(clock, QuicSupport.OfThisMachine)
    {
    }

    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new HttpAdapter(clock, quic))
            .Add(new DimseAdapter(clock))

            .Add(new ServiceModule("dicom_scp", "Takes DICOM associations: objects that are stored, queries and retrievals.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<DicomScpOptions>(DicomScpBuilder.Create),
            })
            .Add(new ServiceModule("dicom_scu", "DICOM by DIMSE towards other systems: echo, find, get, move, store.")
            {
                Aliases = ["dicom"],
                Backend = ModuleFactory<BackendContext, IBackend>.From<DicomScuOptions>(DicomScuBackend.Create),
            })
            .Add(new ServiceModule("echo", "Answers with what it was asked, for trying pipelines out.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<EchoEndpointOptions>(EchoEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<EchoBackendOptions>(EchoBackend.Create),
            })
            .Add(new ServiceModule("http", "HTTP in and out: requests of every kind, streamed both ways.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<HttpEndpointOptions>(HttpEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<HttpBackendOptions>((options, context) => HttpBackend.Create(options, context, quic)),
            })
            .Add(new ServiceModule("http3", "HTTP/3 towards other systems; as an endpoint the same as http.")
            {
                Aliases = ["h3"],
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<HttpEndpointOptions>(HttpEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<Http3BackendOptions>((options, context) => Http3Backend.Create(options, context, quic)),
            })
            .Add(new ServiceModule("mock_dicom", "Answers as a PACS with one made-up study would, for trying pipelines out.")
            {
                Backend = ModuleFactory<BackendContext, IBackend>.From<MockDicomOptions>(MockDicomBackend.Create),
            })
            .Add(new ServiceModule("page", "Answers with a page that shows what this gateway offers.")
            {
                Backend = ModuleFactory<BackendContext, IBackend>.From<Services.Page.PageBackendOptions>(Services.Page.PageBackend.Create),
            })
            .Add(new ServiceModule("storage", "Writes bodies to files, safely, and reads them.")
            {
                Aliases = ["disk"],
                Backend = ModuleFactory<BackendContext, IBackend>.From<StorageBackendOptions>(StorageBackend.Create),
            })

            .Add(new MiddlewareModule("api_key", "Lets pass who has an API key, in a field or in the query.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<ApiKeyOptions>(ApiKeyBuilder.Create)))
            .Add(new MiddlewareModule("basic_auth", "Lets pass who knows a user name and its password, or a token.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<BasicAuthOptions>(BasicAuthBuilder.Create)))
            .Add(new MiddlewareModule("json_extractor", "Reads the body of a request as data, whatever its content type, and refuses one that cannot be read.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JsonExtractorOptions>(JsonExtractorMiddleware.Create))
            { Aliases = ["json"] })
            .Add(new MiddlewareModule("jwt_auth", "Lets pass who shows a JSON Web Token of a trusted issuer.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JwtAuthOptions>(JwtAuthBuilder.Create))
            { Aliases = ["jwtauth", "jwt"] })
            .Add(new MiddlewareModule("oauth2_introspection", "Lets pass who shows a token that an authorization server calls active.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<OAuth2IntrospectionOptions>(OAuth2IntrospectionBuilder.Create)))
            .Add(new MiddlewareModule("log_dump", "Writes requests and answers to the log.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<LogDumpOptions>(LogDumpMiddleware.Create))
            { Aliases = ["dump", "debug"] })
            .Add(new MiddlewareModule("metadata_transform", "Transforms metadata, or where a request goes, by a JOLT spec.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<MetadataTransformOptions>(MetadataTransformMiddleware.Create)))
            .Add(new MiddlewareModule("passthru", "Does nothing: a placeholder.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PassthruOptions>((_, _) => new PassthruMiddleware()))
            { Aliases = ["noop"] })
            .Add(new MiddlewareModule("path_filter", "Lets only some paths pass.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PathFilterOptions>(PathFilterMiddleware.Create)))
            .Add(new MiddlewareModule("policies", "Allows and denies by rules: address, path, method, fields, country, time, rate.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PoliciesOptions>(PoliciesMiddleware.Create))
            { CheckUnused = UnusedRules.Check })
            .Add(new MiddlewareModule("schema", "Checks bodies against a JSON Schema.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<SchemaOptions>(SchemaMiddleware.Create)))
            .Add(new MiddlewareModule("transform", "Transforms bodies by a JOLT spec.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<TransformOptions>(TransformMiddleware.Create))
            { Aliases = ["jolt"] })
            .Add(new MiddlewareModule("webhook", "Tells another system about requests.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<WebhookOptions>(WebhookMiddleware.Create)));

        PlannedModules.AddTo(modules);
    }
}
