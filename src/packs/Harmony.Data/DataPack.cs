using Harmony.Core.Modules;
using Harmony.Data.Middleware.JsonExtractor;
using Harmony.Data.Middleware.LogDump;
using Harmony.Data.Middleware.MetadataTransform;
using Harmony.Data.Middleware.Passthru;
using Harmony.Data.Middleware.Schema;
using Harmony.Data.Middleware.Transform;
using Harmony.Data.Services.Storage;

namespace Harmony.Data;

/// <summary>What is done with data: reading, checking, changing, logging and keeping it.</summary>
public sealed class DataPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new MiddlewareModule("json_extractor", "Reads the body of a request as data, whatever its content type, and refuses one that cannot be read.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JsonExtractorOptions>(JsonExtractorMiddleware.Create))
            { Aliases = ["json"] })
            .Add(new MiddlewareModule("log_dump", "Writes requests and answers to the log.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<LogDumpOptions>(LogDumpMiddleware.Create))
            { Aliases = ["dump", "debug"] })
            .Add(new MiddlewareModule("metadata_transform", "Transforms metadata, or where a request goes, by a JOLT spec.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<MetadataTransformOptions>(MetadataTransformMiddleware.Create)))
            .Add(new MiddlewareModule("passthru", "Does nothing: a placeholder.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PassthruOptions>((_, _) => new PassthruMiddleware()))
            { Aliases = ["noop"] })
            .Add(new MiddlewareModule("schema", "Checks bodies against a JSON Schema.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<SchemaOptions>(SchemaMiddleware.Create)))
            .Add(new ServiceModule("storage", "Writes bodies to files, safely, and reads them.")
            {
                Aliases = ["disk"],
                Backend = ModuleFactory<BackendContext, IBackend>.From<StorageBackendOptions>(StorageBackend.Create),
            })
            .Add(new MiddlewareModule("transform", "Transforms bodies by a JOLT spec.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<TransformOptions>(TransformMiddleware.Create))
            { Aliases = ["jolt"] });
    }
}
