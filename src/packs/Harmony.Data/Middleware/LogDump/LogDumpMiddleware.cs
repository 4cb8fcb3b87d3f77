using System.Buffers;
using System.Text.Json;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.LogDump;

/// <summary>The options of a <c>log_dump</c> middleware.</summary>
public sealed record LogDumpOptions : ConfigNode
{
    /// <summary>What is written: requests (<c>left</c>), responses (<c>right</c>) or both.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Both;

    /// <summary>Indents the JSON.</summary>
    public bool Pretty { get; init; } = true;

    /// <summary>Most bytes of a dump; the rest is cut off.</summary>
    [AllowedRange(256, 16 * 1024 * 1024)]
    public int MaxBytes { get; init; } = 64 * 1024;

    /// <summary>Headers whose values are hidden, in addition to those with credentials and cookies.</summary>
    public IReadOnlyList<string> RedactHeaders { get; init; } = [];

    /// <summary>Metadata whose values are hidden.</summary>
    public IReadOnlyList<string> RedactMetadata { get; init; } = [];

    /// <summary>
    /// Body members whose values are hidden: a path such as <c>patient.name</c> from the top, also through arrays; <c>*</c> for any member; a name without a
    /// dot at every depth.
    /// </summary>
    public IReadOnlyList<string> RedactDataFields { get; init; } = [];

    /// <summary>A word at the beginning of each dump, to distinguish several dumps.</summary>
    public string? Label { get; init; }
}

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
    public bool ActsOutside => true;

    public MiddlewareSides Sides { get; }

    public bool ReadsRequestBody => Left;

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

/// <summary>The text of one dump, cut to a number of bytes.</summary>
internal static class Dump
{
    /// <param name="maxBytes">Bytes of UTF-8 that are kept.</param>
    /// <param name="options">How JSON is written.</param>
    /// <param name="write">Writes the members of the one object.</param>
    public static string Write(int maxBytes, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        var bytes = buffer.WrittenSpan;
        if (bytes.Length <= maxBytes) return Encoding.UTF8.GetString(bytes);
        var end = maxBytes;
        while ((bytes[end] & 0xC0) == 0x80) end--; // not in the middle of a character
        return $"{Encoding.UTF8.GetString(bytes[..end])}… ({bytes.Length - end} more bytes)";
    }
}

/// <summary>
/// The one message of <c>log_dump</c>, id 2601, target <c>harmony.dump</c>. The only one that holds payloads, and only where a pipeline asks for it.
/// </summary>
internal static partial class LogDumpLog
{
    [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "{Label} {Side}: {Dump}")]
    public static partial void Dumped(ILogger logger, string label, string side, string dump);
}
