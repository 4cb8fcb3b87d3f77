using Harmony.Core.Content;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Jolt;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Makes another body of the body of a request or an answer, by a JOLT spec that was compiled at load.</summary>
internal sealed class TransformMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private readonly string _name;
    private readonly bool _failsOnError;
    private readonly ContentReader _content;
    private readonly long _maxBodySize;
    private readonly BodyTransform _transform;
    private readonly ILogger _logger;

    private TransformMiddleware(TransformOptions options, MiddlewareContext context, TransformSpec spec)
    {
        _name = context.Name;
        _failsOnError = options.FailOnError;
        _content = new ContentReader(context.Environment.Limits);
        _maxBodySize = context.Environment.Limits.MaxBodySize;
        _logger = context.Environment.Loggers.CreateLogger("harmony.transform");
        var form = InputForm.Of(options.Input, spec.Reads);
        var debugs = options.Debug && _logger.IsEnabled(LogLevel.Debug);
        _transform = new BodyTransform(spec, form.IsEnvelope, debugs ? new OperationLog(_logger, _name) : null);
        Sides = options.Apply;
        var operations = string.Join(", ", spec.Chain.Operations);
        var reads = form.ToString();
        Words = [$"applies {operations} of {Path.GetFileName(spec.Chain.File)}", reads];
        TransformLog.Loaded(_logger, _name, spec.Chain.File, operations, reads);
    }

    public BodyUse RequestBody => BodyUse.Replaces;

    public BodyUse ResponseBody => BodyUse.Replaces;

    public MiddlewareSides Sides { get; }

    public IReadOnlyList<string> Words { get; }

    public static TransformMiddleware? Create(TransformOptions options, MiddlewareContext context)
    {
        if (options.SpecPath is { } path) return TransformSpec.Load(path, options.LocationOf("spec_path"), context) is { } spec ? new TransformMiddleware(options, context, spec) : null;
        context.Close(context.Location, $"middleware '{context.Name}' needs the key 'spec_path'");
        return null;
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.ProtocolSwitch is not null || (request.Body.IsEmpty && !_transform.WorksWithoutBody)) return MiddlewareResult.Continue;
        try
        {
            var source = await TextOfAsync(request.Body, request.Headers, ct);
            if (!source.IsText) source = new SourceData(default, await _content.ReadAsync(request, ct));
            await TransformAsync(request, source, ct);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            Failed("request", reason, e, request.RequestId);
        }

        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.SwitchedStream is not null) return;
        // The length of a body that is not there is that of the one before the transformation.
        if (response.Request.Method == "HEAD") ReplacedBody.Forget(response.Headers);
        if (response.Body.IsEmpty && !_transform.WorksWithoutBody) return;
        try
        {
            var source = response.Headers.Contains("content-type") ? await TextOfAsync(response.Body, response.Headers, ct) : default;
            if (!source.IsText) source = new SourceData(default, await _content.ReadAsync(response, ct));
            await TransformAsync(response, source, ct);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            Failed("answer", reason, e, response.Request.RequestId);
        }
    }

    /// <summary>The text of a body that nobody has parsed and that the engine can: nobody else needs to, then.</summary>
    private async ValueTask<SourceData> TextOfAsync(Body body, HeaderFields headers, CancellationToken ct)
    {
        if (body.HasData || !JsonFields.IsText(headers)) return default;
        var bytes = await body.ReadBytesAsync(_maxBodySize, ct);
        return JsonFields.IsUtf8(bytes.Span, out var text) ? new SourceData(bytes[^text.Length..], null) : default;
    }

    private async ValueTask TransformAsync(RequestEnvelope request, SourceData source, CancellationToken ct)
    {
        if (source.IsNull && !_transform.WorksWithoutBody) return;
        try
        {
            _transform.Apply(request, source);
        }
        catch (JoltException) when (source.IsText)
        {
            await _content.ReadAsync(request, ct); // where the text is no JSON, this says so, and whose fault it is
            throw;
        }
    }

    private async ValueTask TransformAsync(ResponseEnvelope response, SourceData source, CancellationToken ct)
    {
        if (source.IsNull && !_transform.WorksWithoutBody) return;
        try
        {
            _transform.Apply(response, source);
        }
        catch (JoltException) when (source.IsText)
        {
            await _content.ReadAsync(response, ct);
            throw;
        }
    }

    /// <summary>Why a document cannot be transformed; null for what is no fault of the document. Never a part of it.</summary>
    private static string? ReasonOf(Exception e) => e switch
    {
        JoltException or TransformException => e.Message,
        // A body that is too large is not held in memory, so it cannot pass either.
        GatewayException { Kind: FaultKind.Malformed or FaultKind.UnsupportedContent } or GatewayException { Kind: FaultKind.Protocol, FaultSource: FaultSource.Backend } => e.Message,
        _ => null,
    };

    private void Failed(string document, string reason, Exception cause, string requestId)
    {
        if (_failsOnError)
        {
            throw cause as GatewayException
                ?? new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"middleware '{_name}' cannot transform the {document}: {reason}", cause);
        }

        using var scope = _logger.BeginScope(new RequestScope(requestId));
        TransformLog.PassedUnchanged(_logger, _name, document, reason);
    }
}
