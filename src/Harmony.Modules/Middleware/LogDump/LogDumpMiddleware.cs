using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Modules.Redaction;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Middleware.LogDump;

/// <summary>
/// Writes requests and answers to the log, target <c>harmony.dump</c>, level debug; when that level is off it does nothing at all. Changes
/// nothing and refuses nothing. A body is shown only as data, because only then can parts of it be hidden.
/// </summary>
internal sealed class LogDumpMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private static readonly string[] DocumentTypes = ["/json", "+json", "/xml", "+xml", "text/csv", "form-urlencoded"];

    private readonly string _label;
    private readonly int _maxBytes;
    private readonly long _maxBodySize;
    private readonly JsonWriterOptions _writing;
    private readonly ContentReader _content;
    private readonly Redactor _redactor;
    private readonly RedactedEnvelope _envelopes;
    private readonly ILogger _logger;

    private LogDumpMiddleware(LogDumpOptions options, MiddlewareContext context, Redactor redactor)
    {
        _label = options.Label ?? context.Name;
        Sides = options.Apply;
        _maxBytes = options.MaxBytes;
        _maxBodySize = context.Environment.Limits.MaxBodySize;
        _writing = RedactedEnvelope.Writing with { Indented = options.Pretty };
        _content = new ContentReader(context.Environment.Limits);
        _redactor = redactor;
        _envelopes = new RedactedEnvelope(redactor);
        _logger = context.Environment.Loggers.CreateLogger("harmony.dump");
    }

    /// <summary>Where it is listed for the other side only, it does nothing there.</summary>
    public MiddlewareSides Sides { get; }

    public BodyUse RequestBody => Left ? BodyUse.Reads : BodyUse.Ignores;

    public BodyUse ResponseBody => Right ? BodyUse.Reads : BodyUse.Ignores;

    public static LogDumpMiddleware Create(LogDumpOptions options, MiddlewareContext context)
    {
        var redaction = new RedactionOptions(options.RedactHeaders, options.RedactMetadata, options.RedactDataFields);
        return new LogDumpMiddleware(options, context, redaction.Build(context.Config.Proxy, context.Problems));
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (!Left || !_logger.IsEnabled(LogLevel.Debug)) return MiddlewareResult.Continue;
        var body = await DataOfAsync(request.Body, request.Headers, () => _content.ReadAsync(request, ct));
        Write("left", request, null, body);
        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (!Right || !_logger.IsEnabled(LogLevel.Debug)) return;
        var body = await DataOfAsync(response.Body, response.Headers, () => _content.ReadAsync(response, ct));
        Write("right", response.Request, response, body);
    }

    private bool Left => Sides.HasFlag(MiddlewareSides.Left);

    private bool Right => Sides.HasFlag(MiddlewareSides.Right);

    private void Write(string side, RequestEnvelope request, ResponseEnvelope? response, BodyData body)
    {
        var dump = Dump.Write(_maxBytes, _writing, writer =>
        {
            writer.WriteString("label", _label);
            writer.WriteString("side", side);
            writer.WritePropertyName("request_details");
            _envelopes.WriteRequest(writer, request);
            if (request.Target is { } target)
            {
                writer.WritePropertyName("target_details");
                _envelopes.WriteTarget(writer, target);
            }

            if (response is not null)
            {
                writer.WritePropertyName("response_details");
                _envelopes.WriteResponse(writer, response);
            }

            if (body.WhyNot is { } reason) writer.WriteString("body", reason);
            else
            {
                writer.WritePropertyName("normalized_data");
                _redactor.WriteData(writer, body.Data);
            }
        });
        LogDumpLog.Dumped(_logger, _label, side, dump);
    }

    /// <summary>Does not wait for the end of a stream that may be far away, as that of events is.</summary>
    private async ValueTask<BodyData> DataOfAsync(Body body, HeaderFields fields, Func<ValueTask<JsonNode?>> read)
    {
        if (!body.IsBuffered && body.Length is null && !IsDocument(fields["content-type"])) return new BodyData(null, "not shown: it streams, its length is not known");
        if (body.Length > _maxBodySize) return new BodyData(null, "not shown: it is larger than content_limits.max_body_size");
        try
        {
            return new BodyData(await read(), null);
        }
        catch (GatewayException e) when (e.Kind is FaultKind.Malformed or FaultKind.Protocol or FaultKind.TooLarge && body.IsBuffered)
        {
            return new BodyData(null, "not shown: it cannot be read as data");
        }
    }

    private static bool IsDocument(string? contentType)
        => contentType is not null && DocumentTypes.Any(type => contentType.Contains(type, StringComparison.OrdinalIgnoreCase));

    private readonly record struct BodyData(JsonNode? Data, string? WhyNot);
}
