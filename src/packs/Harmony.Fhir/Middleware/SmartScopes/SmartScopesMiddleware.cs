using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;
using Harmony.Http.Services;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>
/// Enforces the SMART scopes of a verified token: requests are judged and narrowed before the server gets them, and responses are judged before the client
/// gets them. Requests and responses that cannot be judged are refused.
/// </summary>
internal sealed class SmartScopesMiddleware : INeedsBothSides
{
    private static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Headers by which some servers take another method or path than the request line says, or write a Provenance besides the body.</summary>
    private static readonly string[] OverridingHeaders =
        ["x-http-method-override", "x-http-method", "x-method-override", "x-provenance", "x-original-url", "x-rewrite-url"];

    private static readonly Refusal NoIdentity = new(RefusalKind.Unauthenticated, "smart_scopes found no verified token")
    {
        Fields = [new HeaderField("WWW-Authenticate", "Bearer")],
    };

    private readonly ConditionalWeakTable<Identity, SmartToken> _tokens = [];
    private readonly SmartScopesOptions _options;
    private readonly FrozenSet<string> _sharedTypes;
    private readonly ScopeJudge _judge;
    private readonly BatchRules _batches;
    private readonly ResponseRules _responses;
    private readonly StoredResources _stored;
    private readonly PublicAddress _address;
    private readonly BreakGlass? _breakGlass;
    private readonly long _mostBytes;

    private SmartScopesMiddleware(SmartScopesOptions options, MiddlewareContext context)
    {
        _options = options;
        _sharedTypes = options.SharedTypes.ToFrozenSet(StringComparer.Ordinal);
        var operations = options.OpenOperations.Select(o => "$" + o.TrimStart('$')).ToFrozenSet(StringComparer.Ordinal);
        _judge = new ScopeJudge(operations, options.PagingParameters.ToFrozenSet(StringComparer.Ordinal));
        _batches = new BatchRules(_judge, options.FhirVersion);
        _mostBytes = context.Environment.Limits.MaxBodySize;
        _responses = new ResponseRules(_mostBytes);
        _stored = new StoredResources(_mostBytes);
        _address = new PublicAddress(options.PublicBase);
        if (options.BreakGlass is not { } glass) return;
        _breakGlass = new BreakGlass(glass, context.Name, context.Environment.Clock, context.Environment.Loggers.CreateLogger(FhirLog.Target));
    }

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public bool AsksBackend => true;

    public IReadOnlyList<string> Words =>
        [$"scopes of {string.Join(" or ", _options.ScopeClaims)}", $"shared among patients: {string.Join(", ", _options.SharedTypes)}"];

    public static SmartScopesMiddleware? Create(SmartScopesOptions options, MiddlewareContext context)
    {
        foreach (var type in options.SharedTypes)
        {
            if (type is "Patient" or "Group" || SearchTable.R4.CompartmentOf(type) is not null)
                context.Problems.Error(options.LocationOf("shared_types"), $"'{type}' cannot be shared: its resources belong to patients");
            else if (!FhirResourceTypes.Has(options.FhirVersion, type))
                context.Problems.Error(options.LocationOf("shared_types"), $"FHIR {options.FhirVersion} has no resource type '{type}'");
        }

        return new SmartScopesMiddleware(options, context);
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.NeedsNoIdentity)
        {
            request.SetFeature(ResponsePlan.None);
            return new(MiddlewareResult.Continue);
        }

        if (request.Identity is not { } identity) return new(MiddlewareResult.Refuse(NoIdentity));
        var (interaction, unclear) = request.Feature<FhirInteraction>() is { } known
            ? (known, null)
            : InteractionReader.Parse(request.Method, request.PathBelowPrefix, request.Query.Length > 0, _options.FhirVersion);
        if (unclear is not null) return new(Refuse(request, unclear));
        if (!_tokens.TryGetValue(identity, out var token)) _tokens.AddOrUpdate(identity, token = SmartToken.Of(identity, _options.ScopeClaims, _sharedTypes));
        foreach (var name in OverridingHeaders) request.Headers.Remove(name);
        if (token.IsFull(ScopeAccess.All) || interaction!.Name is "capabilities" or "smart-configuration")
        {
            request.SetFeature(new ResponsePlan(token, interaction!, ResponseCheck.None, ""));
            return new(MiddlewareResult.Continue);
        }

        if (_breakGlass is not null && request.Headers[BreakGlass.Header] is not null) return BreakGlassAsync(request, identity, token, interaction, ct);
        return interaction.Name == "batch" ? BatchAsync(request, token, interaction, ct) : JudgeAsync(request, token, interaction, ct);
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Request.Feature<ResponsePlan>() is not { } duty)
            throw new InvalidOperationException("the response has not been asked for under the scopes of a token");
        if (duty.WasHead) response.Request.Method = "HEAD";
        if (duty.Batch is null || response.Status != 200)
        {
            await _responses.ApplyAsync(response, duty, ct);
            return;
        }

        var bundle = await response.Body.ReadJsonAsync(_mostBytes, ct) as JsonObject;
        response.Body.Replace(Bytes(duty.Batch.Answer(bundle ?? [], duty.Token, duty.PublicBase)));
        response.Headers.Remove("content-length");
        response.Headers.Set("content-type", FhirMediaTypes.Json);
    }

    private async ValueTask<MiddlewareResult> BreakGlassAsync(
        RequestEnvelope request, Identity identity, SmartToken token, FhirInteraction interaction, CancellationToken ct)
    {
        if (await _breakGlass!.RecordAsync(request, identity, interaction, ct) is { } refusal) return Refuse(request, refusal);
        request.SetFeature(new ResponsePlan(token, interaction, ResponseCheck.None, ""));
        return MiddlewareResult.Continue;
    }

    private async ValueTask<MiddlewareResult> JudgeAsync(RequestEnvelope request, SmartToken token, FhirInteraction interaction, CancellationToken ct)
    {
        var publicBase = _address.Of(request);
        var isForm = request.Method == "POST" && interaction.IsSearch;
        var body = isForm ? null : await BodyOfAsync(request, interaction, ct);
        var query = FhirQuery.Parse(request.Query);
        var form = isForm ? await FormOfAsync(request, ct) : null;
        if (isForm && form is null)
            return Refuse(request, FhirRefusal.UnsupportedBody("parameters of a search are posted as application/x-www-form-urlencoded"));
        var criteria = interaction.Name == "create" ? request.Headers.Combined("if-none-exist") : null;
        var ask = new SmartRequest(interaction, form is null ? query : query.With(form))
        {
            Body = body,
            BodyIsJson = IsJson(request),
            IfNoneExist = criteria is { Length: > 0 } ? FhirQuery.Parse(BatchRules.Criteria(criteria)) : null,
            PublicBase = publicBase,
        };
        var verdict = _judge.Judge(token, ask);
        if (verdict.Refusal is { } refusal) return Refuse(request, refusal);
        if (verdict.Stored is { } grants)
        {
            var reference = new FhirReference(interaction.Type, interaction.Id);
            if (await _stored.ReadAsync(request, reference, ct) is not var (stored, etag) || !grants.Any(g => g.Shows(stored, interaction.Type, publicBase)))
                return Refuse(request, FhirRefusal.NotFound);
            // The server changes the version of the resource that has been judged, or nothing.
            if (etag is not null && interaction.Name != "history-instance" && request.Headers["if-match"] is null) request.Headers.Set("if-match", etag);
        }

        Apply(request, ask, form is not null);
        request.SetFeature(Prepare(request, new ResponsePlan(token, interaction, verdict.Check, publicBase)));
        return MiddlewareResult.Continue;
    }

    private async ValueTask<MiddlewareResult> BatchAsync(RequestEnvelope request, SmartToken token, FhirInteraction interaction, CancellationToken ct)
    {
        if (!IsJson(request)) return Refuse(request, FhirRefusal.UnsupportedBody("with the scopes of this token a Bundle is posted as JSON"));
        var publicBase = _address.Of(request);
        var bundle = await request.Body.ReadJsonAsync(_mostBytes, ct);
        var (plan, refusal) = await _batches.JudgeAsync(token, bundle, publicBase, async (reference, grants)
            => await _stored.ReadAsync(request, reference, ct) is var (stored, _) && grants.Any(g => g.Shows(stored, reference.Type, publicBase)));
        if ((refusal ?? plan!.Refusal) is { } whole) return Refuse(request, whole);
        var duty = new ResponsePlan(token, interaction, ResponseCheck.None, publicBase) { Batch = plan };
        if (!plan!.HasWork)
        {
            request.SetFeature(duty with { Batch = null });
            var response = new ResponseEnvelope(request, 200) { Body = Body.FromBytes(Bytes(plan.Answer(null, token, publicBase))) };
            response.Headers.Add("content-type", FhirMediaTypes.Json);
            return MiddlewareResult.Respond(response);
        }

        plan.Reduce((JsonObject)bundle!);
        Replace(request, Bytes(bundle!));
        request.Query = "";
        request.Headers.Set("accept", FhirMediaTypes.Json);
        request.Headers.Remove("accept-encoding");
        request.SetFeature(duty);
        return MiddlewareResult.Continue;
    }

    /// <summary>Asks the server for a response that can be judged: the whole resource, in the form of a GET, without a content coding.</summary>
    private static ResponsePlan Prepare(RequestEnvelope request, ResponsePlan duty)
    {
        if (duty.Check == ResponseCheck.None) return duty;
        request.Headers.Remove("accept-encoding");
        request.Headers.Remove("range");
        if (duty.Check == ResponseCheck.Resource)
        {
            duty = duty with { IfNoneMatch = request.Headers.Combined("if-none-match") };
            request.Headers.Remove("if-none-match");
            request.Headers.Remove("if-modified-since");
        }

        var maySeeWritten = duty.Token.For(duty.Interaction.Type, ScopeAccess.Read).Length > 0;
        if (duty.Check == ResponseCheck.Written && !maySeeWritten) request.Headers.Set("prefer", "return=minimal");
        if (request.Method != "HEAD") return duty;
        request.Method = "GET";
        return duty with { WasHead = true };
    }

    private static void Apply(RequestEnvelope request, SmartRequest ask, bool isForm)
    {
        if (isForm)
        {
            request.Query = "";
            Replace(request, Encoding.UTF8.GetBytes(ask.Query.ToString()));
        }
        else if (request.Query.Length > 0 || ask.Query.Pairs.Count > 0)
        {
            request.Query = ask.Query.ToString();
        }

        if (ask.IfNoneExist is { } criteria) request.Headers.Set("if-none-exist", criteria.ToString());
        if (ask.BodyIsChanged) Replace(request, Bytes(ask.Body!));
    }

    private async ValueTask<JsonNode?> BodyOfAsync(RequestEnvelope request, FhirInteraction interaction, CancellationToken ct)
    {
        if (interaction.Name is not ("create" or "update" or "patch") || request.Body.IsEmpty || request.Headers["content-encoding"] is not null) return null;
        if (IsJson(request)) return await request.Body.ReadJsonAsync(_mostBytes, ct);
        if (interaction.Name == "patch" || !FhirMediaTypes.IsXml(request.Headers["content-type"])) return null;
        return FhirXml.Load(await request.Body.ReadBytesAsync(_mostBytes, ct)) is { Root: { } root } ? FhirXml.Resource(root) : null;
    }

    private async ValueTask<FhirQuery?> FormOfAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Body.IsEmpty) return FhirQuery.Parse("");
        if (FhirMediaTypes.FormatOf(request.Headers["content-type"]) != FhirFormat.Form || request.Headers["content-encoding"] is not null) return null;
        var bytes = await request.Body.ReadBytesAsync(Math.Min(_mostBytes, 64 * 1024), ct);
        return FhirQuery.Parse(Encoding.UTF8.GetString(bytes.Span));
    }

    private static MiddlewareResult Refuse(RequestEnvelope request, FhirRefusal refusal)
    {
        var content = OperationOutcomes.Content(FhirMediaTypes.WantsXml(request, out _), refusal.Code, refusal.Text, refusal.Expression);
        RefusalKind? kind = refusal.Status switch
        {
            403 => RefusalKind.Forbidden,
            404 => RefusalKind.NotFound,
            405 => RefusalKind.MethodNotAllowed,
            415 => RefusalKind.UnsupportedMediaType,
            400 => RefusalKind.Malformed,
            _ => null,
        };
        if (kind is not null) return MiddlewareResult.Refuse(new Refusal(kind.Value, $"smart_scopes: {refusal.Text}") { Content = content });
        request.SetFeature(ResponsePlan.None);
        return MiddlewareResult.Respond(OperationOutcomes.Answer(request, refusal));
    }

    private static void Replace(RequestEnvelope request, byte[] bytes)
    {
        request.Body.Replace(bytes);
        request.Headers.Remove("content-length");
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Writing));

    private static bool IsJson(RequestEnvelope request)
        => request.Headers["content-encoding"] is null
            && (request.Headers["content-type"] is not { } type || FhirMediaTypes.FormatOf(type) is FhirFormat.Json or FhirFormat.JsonPatch);
}
