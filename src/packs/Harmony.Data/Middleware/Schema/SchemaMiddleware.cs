using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.Schema;

/// <summary>The options of a <c>schema</c> middleware.</summary>
public sealed record SchemaOptions : ConfigNode
{
    /// <summary>File with a JSON Schema 2020-12, relative to the folder of the main file.</summary>
    [NotEmpty]
    public required string SchemaPath { get; init; }

    /// <summary>
    /// Further schema files that the schema refers to, by their <c>$id</c> or, without <c>$id</c>, by their path relative to the schema. The gateway never
    /// fetches a schema.
    /// </summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>What is validated: bodies of requests (<c>left</c>), of responses (<c>right</c>) or both.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>
    /// What happens if a body is not valid. <c>refuse</c>: the client gets 422 with the places of the errors, or 502 if the backend's response is not valid.
    /// <c>log</c>: the body passes, and the errors are logged.
    /// </summary>
    [AllowedValues("refuse", "log")]
    public string OnViolation { get; init; } = "refuse";

    /// <summary>
    /// Further content types that are validated, in the JSON form of <c>docs/content.md</c>, e.g. <c>application/xml</c> or <c>text/csv</c>. JSON is always
    /// validated.
    /// </summary>
    public IReadOnlyList<string> ContentTypes { get; init; } = [];

    /// <summary>
    /// What happens to a body whose content type is neither JSON nor in <c>content_types</c>. <c>refuse</c>: the client gets 415, or 502 for a response.
    /// <c>pass</c>: the gateway validates what it can read of the body; a backend that ignores content types may read something else.
    /// </summary>
    [AllowedValues("refuse", "pass")]
    public string OtherTypes { get; init; } = "refuse";

    /// <summary>Validates <c>format</c>; otherwise <c>format</c> has no effect.</summary>
    public bool AssertFormat { get; init; }

    /// <summary>Most errors that a response or a log message names.</summary>
    [AllowedRange(1, 1000)]
    public int MaxErrors { get; init; } = 20;
}

/// <summary>
/// Holds bodies against a JSON Schema. A request that does not fit is refused with 422 and the places; an answer of success (2xx) that does
/// not fit is the backend's fault. A body that is no JSON, and not of a type that the options name, is refused with 415. Requests without a body pass when
/// their method has none as a rule (GET, HEAD, DELETE, OPTIONS).
/// </summary>
internal sealed class SchemaMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private static readonly string[] MethodsWithBody = ["POST", "PUT", "PATCH"];

    private readonly string _name;
    private readonly bool _refuses;
    private readonly int _maxErrors;
    private readonly bool _takesOthers;
    private readonly HashSet<string> _contentTypes;
    private readonly CompiledSchema _schema;
    private readonly ContentReader _content;
    private readonly ILogger _logger;

    private SchemaMiddleware(SchemaOptions options, MiddlewareContext context, CompiledSchema schema)
    {
        _name = context.Name;
        Sides = options.Apply;
        _refuses = options.OnViolation == "refuse";
        _maxErrors = options.MaxErrors;
        _takesOthers = options.OtherTypes == "pass";
        _contentTypes = new HashSet<string>(options.ContentTypes, StringComparer.OrdinalIgnoreCase);
        _schema = schema;
        _content = new ContentReader(context.Environment.Limits);
        _logger = context.Environment.Loggers.CreateLogger("harmony.schema");
    }

    /// <summary>Where it is listed for the other side only, it does nothing there.</summary>
    public MiddlewareSides Sides { get; }

    public bool ReadsRequestBody => Left;

    /// <summary>Builds one; null when the problems got an error.</summary>
    public static SchemaMiddleware? Create(SchemaOptions options, MiddlewareContext context)
        => new SchemaFiles(options, context).Compile() is { } schema ? new SchemaMiddleware(options, context, schema) : null;

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (!Left) return MiddlewareResult.Continue;
        var data = await _content.ReadAsync(request, ct);
        if (data is null && request.Body.IsEmpty && !MethodsWithBody.Contains(request.Method)) return MiddlewareResult.Continue;
        if (!Describes(request.Body, request.Headers))
        {
            if (_refuses) throw new GatewayException(FaultSource.Client, FaultKind.UnsupportedContent,
                $"the body is no JSON, and the schema of '{_name}' describes nothing else");
            SchemaLog.Passed(_logger, "left", _name, "the content type");
            return MiddlewareResult.Continue;
        }

        var violations = _schema.Check(data, _maxErrors);
        if (violations.Count == 0) return MiddlewareResult.Continue;
        if (_refuses)
        {
            return MiddlewareResult.Refuse(new Refusal(RefusalKind.Unprocessable, $"the body does not fit the schema of '{_name}': {PlacesOf(violations)}")
            {
                Content = new RefusalContent(ProblemDetails.ContentType, ProblemDetails.Write(violations)),
            });
        }

        SchemaLog.Passed(_logger, "left", _name, PlacesOf(violations));
        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (!Right || !HasContent(response)) return;
        var data = await _content.ReadAsync(response, ct);
        if (!Describes(response.Body, response.Headers))
        {
            if (_refuses) throw new GatewayException(
                FaultSource.Backend, FaultKind.Protocol, $"the response is not JSON, and the schema of '{_name}' applies to JSON only");
            SchemaLog.Passed(_logger, "right", _name, "the content type");
            return;
        }

        var violations = _schema.Check(data, _maxErrors);
        if (violations.Count == 0) return;
        if (_refuses)
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"the response is not valid by the schema of '{_name}': "
                + $"{PlacesOf(violations)}");
        }

        SchemaLog.Passed(_logger, "right", _name, PlacesOf(violations));
    }

    /// <summary>
    /// Whether the data are what the schema is about. A client that calls its JSON an image, or a form, would else have something harmless checked in
    /// the place of what the backend reads. What a step of the pipeline made, and DICOM shown as JSON, are data by nature.
    /// </summary>
    private bool Describes(Body body, HeaderFields headers)
    {
        if (_takesOthers || body.IsReplaced || body.HasView || body.Content is not { } content) return true;
        if (content.Format is ContentFormat.Json or ContentFormat.Empty or ContentFormat.Text) return true;
        if (content is { Format: ContentFormat.Unknown, ParseStatus: ParseStatus.Success }) return true;
        var type = headers["content-type"].AsSpan();
        var end = type.IndexOf(';');
        return _contentTypes.Contains((end < 0 ? type : type[..end]).Trim().ToString());
    }

    private bool Left => Sides.HasFlag(MiddlewareSides.Left);

    private bool Right => Sides.HasFlag(MiddlewareSides.Right);

    private static bool HasContent(ResponseEnvelope response)
        => response.Status is >= 200 and <= 299 and not (204 or 205) && response.Request.Method != "HEAD";

    private static string PlacesOf(IReadOnlyList<Violation> violations) => string.Join(", ", violations.Select(v => v.AbsoluteKeywordLocation).Distinct());
}

/// <summary>
/// Log messages of <c>schema</c>, ids 2800 to 2899, target <c>harmony.schema</c>. Places in schemas, never in bodies: names there may be a patient's.
/// </summary>
internal static partial class SchemaLog
{
    [LoggerMessage(EventId = 2801, Level = LogLevel.Warning,
        Message = "a body on the {Side} side is not valid by the schema of '{Middleware}' and passes ('on_violation'): {Places}")]
    public static partial void Passed(ILogger logger, string side, string middleware, string places);
}
