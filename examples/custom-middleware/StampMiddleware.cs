using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace CustomMiddleware;

/// <summary>Adds a member <c>stamp</c> to every body that is an object, and a header to every response.</summary>
internal sealed class StampMiddleware(StampOptions options, ContentReader content) : IRequestMiddleware, IResponseMiddleware
{
    public bool ReadsRequestBody => true;

    /// <summary>Runs once, when the configuration is loaded. A mistake that attributes cannot express is reported like this.</summary>
    public static StampMiddleware? Create(StampOptions options, MiddlewareContext context)
    {
        if (HeaderField.IsName(options.Field)) return new StampMiddleware(options, new ContentReader(context.Environment.Limits));
        context.Problems.Error(options.LocationOf("field"), $"'{options.Field}' cannot be the name of a field");
        return null;
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (await content.ReadAsync(request, ct) is not JsonObject data) return MiddlewareResult.Continue;
        data["stamp"] = options.Text;
        request.Body.Replace(data);
        return MiddlewareResult.Continue;
    }

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        response.Headers.Set(options.Field, options.Text);
        return ValueTask.CompletedTask;
    }
}
