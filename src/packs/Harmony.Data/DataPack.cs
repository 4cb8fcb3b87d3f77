using Harmony.Core.Modules;
using Harmony.Data.Middleware.JsonExtractor;
using Harmony.Data.Middleware.LogDump;
using Harmony.Data.Middleware.MetadataTransform;
using Harmony.Data.Middleware.Passthru;
using Harmony.Data.Middleware.Schema;
using Harmony.Data.Middleware.Transform;
using Harmony.Data.Services.Storage;
using Harmony.Data.Services.Storage.S3;

namespace Harmony.Data;

/// <summary>Data: parsing, validating, transforming, logging and storing bodies.</summary>
public sealed class DataPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new MiddlewareModule("json_extractor",
            "Parses the request body, JSON whatever its content type says, and refuses a body that cannot be parsed.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JsonExtractorOptions>(JsonExtractorMiddleware.Create))
            { Aliases = ["json"] })
            .Add(new MiddlewareModule("log_dump", "Writes requests and responses to the log.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<LogDumpOptions>(LogDumpMiddleware.Create))
            { Aliases = ["dump", "debug"] })
            .Add(new MiddlewareModule("metadata_transform", "Changes metadata, or the target of a request, with a JOLT spec.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<MetadataTransformOptions>(MetadataTransformMiddleware.Create)))
            .Add(new MiddlewareModule("connect", "Does nothing; accepted because older configurations contain it.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<ConnectOptions>((_, _) => new PassthruMiddleware()))
            { Aliases = ["connection"] })
            .Add(new MiddlewareModule("passthru", "Does nothing; a placeholder.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PassthruOptions>((_, _) => new PassthruMiddleware()))
            { Aliases = ["noop"] })
            .Add(new MiddlewareModule("schema", "Validates bodies against a JSON Schema.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<SchemaOptions>(SchemaMiddleware.Create)))
            .Add(new S3StorageModule())
            .Add(new ServiceModule("storage", "Stores bodies as files, durably, and serves them.")
            {
                Aliases = ["disk"],
                Backend = ModuleFactory<BackendContext, IBackend>.From<StorageBackendOptions>(StorageBackend.Create),
            })
            .Add(new MiddlewareModule("transform", "Transforms JSON bodies with a JOLT spec.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<TransformOptions>(TransformMiddleware.Create))
            { Aliases = ["jolt"] });
    }
}
