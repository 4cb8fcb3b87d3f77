using System.Text.Json;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.LogDump;

/// <summary>
/// Writes requests and answers to the log, target <c>harmony.dump</c>, level info; when that level is off it does nothing at all. Changes
/// nothing and refuses nothing. A body is shown only as data, because only then can parts of it be hidden.
/// </summary>
internal sealed class LogDumpMiddleware : IRequestMiddleware, IResponseMiddleware, ISnapshotReader
{
    private readonly string _label;
    private readonly int _maxBytes;
    private readonly JsonWriterOptions _writing;
    private readonly ContentObserver _content;
    private readonly Redactor _redactor;
    private readonly RedactedEnvelope _envelopes;
    private readonly ILogger _logger;

    private LogDumpMiddleware(LogDumpOptions options, MiddlewareContext context, Redactor redactor)
    {
        _label = options.Label ?? context.Name;
        Sides = options.Apply;
        _maxBytes = options.MaxBytes;
        _writing = RedactedEnvelope.Writing with { Indented = options.Pretty, NewLine = "\n" };
        _content = new ContentObserver(context.Environment.Limits);
        _redactor = redactor;
        _envelopes = new RedactedEnvelope(redactor);
        _logger = context.Environment.Loggers.CreateLogger("harmony.dump");
    }

    /// <summary>Where it is listed for the other side only, it does nothing there.</summary>
    public MiddlewareSides Sides { get; }

    public BodyUse RequestBody => Left ? BodyUse.Reads : BodyUse.Ignores;

    public BodyUse ResponseBody => Right ? BodyUse.Reads : BodyUse.Ignores;

    public bool ReadsSnapshots => _logger.IsEnabled(LogLevel.Information);

    public static LogDumpMiddleware Create(LogDumpOptions options, MiddlewareContext context)
    {
        var redaction = new RedactionOptions(options.RedactHeaders, options.RedactMetadata, options.RedactDataFields);
        return new LogDumpMiddleware(options, context, redaction.Build(context.Config.Proxy, context.Problems));
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (!Left || !_logger.IsEnabled(LogLevel.Information)) return MiddlewareResult.Continue;
        Write("left", request, null, await _content.LookAsync(request, ct));
        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (!Right || !_logger.IsEnabled(LogLevel.Information)) return;
        Write("right", response.Request, response, await _content.LookAsync(response, ct));
    }

    private bool Left => Sides.HasFlag(MiddlewareSides.Left);

    private bool Right => Sides.HasFlag(MiddlewareSides.Right);

    private void Write(string side, RequestEnvelope request, ResponseEnvelope? response, ContentLook body)
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

            if ((response?.Body ?? request.Body).ReadSnapshot() is not { } snapshot) return;
            writer.WritePropertyName("normalized_snapshot");
            _redactor.WriteData(writer, snapshot);
        });
        LogDumpLog.Dumped(_logger, _label, side, dump);
    }
}
