using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;
using Microsoft.Extensions.Logging;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>Validates resources against R4 before the server gets them, and responses before the client gets them.</summary>
internal sealed class FhirValidateMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private readonly FhirValidateOptions _options;
    private readonly long _mostBytes;
    private readonly string _name;
    private readonly ILogger _logger;
    private readonly ProfileEngine? _engine;

    private FhirValidateMiddleware(FhirValidateOptions options, MiddlewareContext context, ProfileEngine? engine)
    {
        (_options, _name, _mostBytes, _engine) = (options, context.Name, context.Environment.Limits.MaxBodySize, engine);
        _logger = context.Environment.Loggers.CreateLogger(FhirLog.Target);
    }

    public bool ReadsRequestBody => Sides.HasFlag(MiddlewareSides.Left);

    public MiddlewareSides Sides => _options.Apply switch { "left" => MiddlewareSides.Left, "right" => MiddlewareSides.Right, _ => MiddlewareSides.Both };

    public IReadOnlyList<string> Words
    {
        get
        {
            var rules = _engine is null ? "elements and forms of R4" : "elements, codes and invariants of R4, and profiles";
            return [$"{rules}; {(_options.Mode == "warn" ? "logs" : "refuses")} what is wrong"];
        }
    }

    public static FhirValidateMiddleware? Create(FhirValidateOptions options, MiddlewareContext context)
    {
        if (options.Mode == "shape")
        {
            if (options.PackagesDir is not null || options.Profiles.Count > 0)
            {
                var key = options.PackagesDir is null ? "profiles" : "packages_dir";
                context.Problems.Error(options.LocationOf(key), "mode = \"shape\" knows no profiles; write mode = \"enforce\", or \"warn\"");
            }

            return new FhirValidateMiddleware(options, context, null);
        }

        var packages = options.PackagesDir is null ? null : ReadPackages(options, context);
        if (options.PackagesDir is not null && packages is null) return null;
        for (var i = 0; i < options.Profiles.Count; i++)
        {
            var wanted = options.Profiles[i];
            if (packages?.Find(wanted) is { Profiled.Length: > 0 }) continue;
            var suggestion = packages is null ? "; 'packages_dir' names the folder of packages" : NearestName.Suggestion(wanted, packages.Profiles);
            context.Problems.Error(options.LocationOf("profiles", i), $"no package has a profile of R4 '{wanted}'{suggestion}");
        }

        if (context.Problems.HasErrors) return null;
        var settings = $"{packages?.Fingerprint} {string.Join(' ', options.Profiles)}";
        var engine = context.Environment.Carried.Get("fhir_validate", settings, () => new ProfileEngine(packages, ProfilesByType(options, packages)));
        return new FhirValidateMiddleware(options, context, engine);
    }

    private static ILookup<string, string> ProfilesByType(FhirValidateOptions options, DefinitionTable? packages)
        => options.Profiles.ToLookup(p => packages!.Find(p)!.Profiled, StringComparer.Ordinal);

    private static DefinitionTable? ReadPackages(FhirValidateOptions options, MiddlewareContext context)
    {
        try
        {
            return DefinitionTable.OfFolder(context.Environment.PathOf(options.PackagesDir!));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var reason = e is DirectoryNotFoundException or UnauthorizedAccessException ? Readable.Reason(e) : e.Message;
            context.Problems.Error(options.LocationOf("packages_dir"), $"cannot read the packages of '{options.PackagesDir}': {reason}");
            return null;
        }
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Method is not ("POST" or "PUT") || request.Body.IsEmpty) return MiddlewareResult.Continue;
        var interaction = request.Feature<FhirInteraction>();
        if (interaction is { IsSearch: true } or { Type: "Binary" }) return MiddlewareResult.Continue;
        if (request.Headers["content-encoding"] is not null)
            return Refuse(request, 415, [new ShapeIssue("not-supported", "", "resources are validated without a content coding here")]);
        var bytes = await request.Body.ReadBytesAsync(_mostBytes, ct);
        var issues = await FindAsync(bytes, IsXml(request.Headers["content-type"]), interaction, ct);
        if (issues.Count == 0) return MiddlewareResult.Continue;
        FhirLog.Invalid(_logger, _name, "request", issues.Count, issues[0].Expression, issues[0].Code);
        if (_options.Mode == "warn") return MiddlewareResult.Continue;
        return Refuse(request, 400, issues);
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Status is not (200 or 201) || response.Request.Method == "HEAD" || response.Headers["content-type"] is not { } type) return;
        if (!FhirMediaTypes.IsJson(type) && !IsXml(type)) return;
        if (response.Request.Feature<FhirInteraction>()?.Name == "smart-configuration") return;
        if (response.Headers["content-encoding"] is not null)
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"middleware '{_name}' cannot validate a response with a content coding");
        var bytes = await response.Body.ReadBytesAsync(_mostBytes, ct);
        if (bytes.IsEmpty) return;
        var issues = await FindAsync(bytes, IsXml(type), null, ct);
        if (issues.Count == 0) return;
        var first = issues[0];
        FhirLog.Invalid(_logger, _name, "response", issues.Count, first.Expression, first.Code);
        if (_options.Mode == "warn") return;
        var reason = _engine is null ? first.Text : first.Code; // texts of the engine may quote values of the resource
        throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"the response is no valid FHIR: {first.Expression}: {reason}");
    }

    private async ValueTask<IReadOnlyList<ShapeIssue>> FindAsync(ReadOnlyMemory<byte> bytes, bool isXml, FhirInteraction? interaction, CancellationToken ct)
    {
        var issues = Find(bytes, isXml, interaction);
        return issues.Count > 0 || _engine is null ? issues : await _engine.ValidateAsync(bytes, isXml, _options.MaxIssues, ct);
    }

    private IReadOnlyList<ShapeIssue> Find(ReadOnlyMemory<byte> bytes, bool isXml, FhirInteraction? interaction)
    {
        try
        {
            if (isXml && FhirXml.Load(bytes) is null) return [new ShapeIssue("invalid", "", "the body is no XML of FHIR")];
            var issues = isXml ? [] : ShapeRules.Check(bytes.Span, _options.MaxIssues);
            if (issues.Count == 0 && interaction is { Name: "create" or "update" } && Mismatch(bytes, isXml, interaction) is { } mismatch) return [mismatch];
            return issues;
        }
        catch (JsonException e)
        {
            return [new ShapeIssue("invalid", "", $"the body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}")];
        }
    }

    /// <summary>The resource has the type and the id that the path names (https://hl7.org/fhir/R4/http.html#update).</summary>
    private static ShapeIssue? Mismatch(ReadOnlyMemory<byte> bytes, bool isXml, FhirInteraction interaction)
    {
        var (type, id) = isXml ? Named(FhirXml.Resource(FhirXml.Load(bytes)!.Root!)) : Named(bytes.Span);
        if (type != interaction.Type) return new ShapeIssue("invalid", type ?? "", $"the resource is not of type {interaction.Type}, which the path names");
        return interaction is { Name: "update", Id.Length: > 0 } && id != interaction.Id
            ? new ShapeIssue("invalid", $"{type}.id", "the id of the resource is not the one of the path")
            : null;
    }

    private static (string? Type, string? Id) Named(JsonObject resource) => (FhirElements.Text(resource, "resourceType"), FhirElements.Text(resource, "id"));

    private static (string? Type, string? Id) Named(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var (type, id) = ((string?)null, (string?)null);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isId) = (reader.ValueTextEquals("resourceType"u8), reader.ValueTextEquals("id"u8));
            reader.Read();
            if (isType) type = reader.GetString();
            else if (isId) id = reader.GetString();
            else reader.Skip();
        }

        return (type, id);
    }

    private MiddlewareResult Refuse(RequestEnvelope request, int status, IReadOnlyList<ShapeIssue> issues)
    {
        var kind = status == 415 ? RefusalKind.UnsupportedMediaType : RefusalKind.Malformed;
        var outcome = issues.Take(_options.MaxIssues).Select(i => new OutcomeIssue(i.Code, i.Text, i.Expression.Length > 0 ? i.Expression : null));
        var content = OperationOutcomes.Content(FhirMediaTypes.WantsXml(request, out _), [.. outcome]);
        var reason = $"middleware '{_name}' found {issues.Count} issues, the first at {issues[0].Expression}";
        return MiddlewareResult.Refuse(new Refusal(kind, reason) { Content = content });
    }

    private static bool IsXml(string? contentType) => FhirMediaTypes.IsXml(contentType);
}
