using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Data.Middleware.JsonExtractor;

/// <summary>The options of a <c>json_extractor</c> middleware: none.</summary>
public sealed record JsonExtractorOptions : ConfigNode;

/// <summary>
/// Reads the body of a request as data, so that later steps and the backend find them: what is JSON as JSON, whatever it is called, the rest by
/// its content type. A body that cannot be read ends the request here (400, 413 or 415). The backend still gets the bytes as they came. Nothing happens on
/// the right side.
/// </summary>
internal sealed class JsonExtractorMiddleware(ContentReader content) : IRequestMiddleware
{
    public bool ReadsRequestBody => true;

    public static JsonExtractorMiddleware Create(JsonExtractorOptions options, MiddlewareContext context) => new(new ContentReader(context.Environment.Limits));

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        await content.ReadJsonAsync(request, ct);
        return MiddlewareResult.Continue;
    }
}
