using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Makes the head of the request to a target of the envelope of a request. One for each backend.</summary>
internal sealed class OutgoingRequest
{
    private const int SmallBody = 1024;

    private readonly HttpBackendOptions _options;
    private readonly string _pathPrefix;
    private readonly KeyValuePair<string, string>[] _ownFields;

    public OutgoingRequest(HttpBackendOptions options)
    {
        _options = options;
        var prefix = options.PathPrefix.Trim('/');
        _pathPrefix = prefix.Length == 0 ? "" : "/" + prefix;
        _ownFields = [.. options.Headers.Where(field => !IsFraming(field.Key))];
    }

    public OutgoingHead Build(RequestEnvelope request, HttpTarget target, RequestUpload? upload)
    {
        var head = HeadOf(request, target);
        if (_options.PreserveHost && request.Host.Length > 0) head.Fields.Add("Host", request.Host);
        CopyFields(request, target, head.Fields);
        AddOwnFields(request, target, head);
        AddConnectionFields(request, upload, head.Fields);
        if (upload is not null && target.TakesTrailers(head) && RequestTrailers.MayFollow(request)) AddTrailers(request, upload, head);
        return head;
    }

    /// <summary>No HTTP server knows C-STORE and C-FIND: what comes by DIMSE is posted. The path still says the operation.</summary>
    private static string MethodOf(RequestEnvelope request) => request.Protocol == "dimse" ? "POST" : request.Method;

    /// <summary>Method and URL of the request to a target, without fields.</summary>
    public OutgoingHead HeadOf(RequestEnvelope request, HttpTarget target)
    {
        var details = request.Target;
        var elsewhere = details?.BaseUrl is { } url ? new Uri(url) : null;
        var basePath = elsewhere is null ? target.BasePath : elsewhere.AbsolutePath.TrimEnd('/');
        var path = details?.Path ?? request.PathBelowPrefix;
        if (path.Length == 0 && _pathPrefix.Length == 0 && basePath.Length == 0) path = "/";
        else if (path.Length > 0 && path[0] != '/') path = "/" + path;
        var query = details?.Query ?? request.Query;
        var below = basePath.Length + _pathPrefix.Length == 0 ? path : string.Concat(basePath, _pathPrefix, path);
        return new OutgoingHead
        {
            Method = details?.Method ?? _options.Method ?? MethodOf(request),
            Origin = elsewhere is null ? target.Origin : HttpTarget.OriginOf(elsewhere),
            PathAndQuery = query.Length > 0 ? string.Concat(below, "?", query) : request.HasEmptyQuery && details?.Query is null ? below + "?" : below,
            IsElsewhere = elsewhere is not null && !target.IsOriginOf(elsewhere),
            Switches = request.ProtocolSwitch is not null,
            Client = request.Connection,
        };
    }

    private static void CopyFields(RequestEnvelope request, HttpTarget target, HeaderFields fields)
    {
        var replacesTrace = request.IsTraced;
        var named = HopByHopFields.NamedBy(request.Headers.Combined("connection"));
        foreach (ref readonly var field in request.Headers.AsSpan())
        {
            if (IsLeftOut(field.Name, target, request.ComesFromTrustedProxy) || named?.Contains(field.Name) == true) continue;
            if (request.NeedsPlainAnswer && IsAboutBytes(field.Name)) continue;
            if (replacesTrace && TraceFields.Contains(field.Name)) continue;
            var isCountedDown = field.Name.Length == 12 && Is(field.Name, "Max-Forwards") && MaxForwards.AppliesTo(request.Method);
            fields.Add(field.Name, isCountedDown ? MaxForwards.Next(field.Value) : field.Value);
        }
    }

    /// <summary>
    /// Fields that ask for other bytes than the whole body as it is; a part of a body cannot be transformed (RFC 9110 §14.2 allows to ignore a range).
    /// </summary>
    private static bool IsAboutBytes(string name) => Is(name, "Accept-Encoding") || Is(name, "Range") || Is(name, "If-Range");

    /// <summary>Fields of the client that are not for the target, or that are written anew below.</summary>
    private static bool IsLeftOut(string name, HttpTarget target, bool fromTrustedProxy)
        => ForwardedFields.LeavesOut(name, fromTrustedProxy)
        || HopByHopFields.Contains(name)
        || IsRewritten(name)
        || (target.HasAuthentication
            && (Is(name, "Authorization") || (target.Credentials is { } credentials && FieldSpelling.AreAlike(name, credentials.Field))));

    private static bool IsRewritten(string name) => name.Length switch
    {
        4 => Is(name, "Host"),
        6 => Is(name, "Expect"),
        7 => Is(name, "Trailer"), // announced where they are passed on
        12 => FieldSpelling.AreAlike(name, "x-request-id"),
        14 => Is(name, "Content-Length"),
        _ => false,
    };

    private void AddOwnFields(RequestEnvelope request, HttpTarget target, OutgoingHead head)
    {
        var fields = head.Fields;
        ForwardedFields.AddTo(fields, request);
        fields.Add("x-request-id", request.RequestId);
        if (request.IsTraced) TraceFields.AddTo(fields);
        AddFieldsOfSteps(request, fields);
        if (request.NeedsPlainAnswer) fields.Set("Accept-Encoding", "identity");
        if (!head.IsElsewhere) AddFieldsOfTarget(target, fields);
    }

    /// <summary>
    /// Headers for the target only, not for another origin that middleware sends the request to: credentials, and headers that may hold some.
    /// </summary>
    private void AddFieldsOfTarget(HttpTarget target, HeaderFields fields)
    {
        foreach (var (name, _) in _ownFields) FieldSpelling.RemoveAlike(fields, name);
        if (target.Credentials is { } credentials) fields.Set(credentials.Field, credentials.Value);
        foreach (var (name, value) in _ownFields) fields.Set(name, value);
    }

    /// <summary>What a middleware wants the target to see. A name may stand on several lines.</summary>
    private static void AddFieldsOfSteps(RequestEnvelope request, HeaderFields to)
    {
        if (request.Target is null) return;
        var fields = request.Target.Headers.AsSpan();
        foreach (ref readonly var field in fields)
        {
            // A line break in a value that a spec took from a body would be a field of its own.
            if (field.Value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"a middleware set the field '{field.Name}' to a value with a line break");
            }

            if (!IsFraming(field.Name)) FieldSpelling.RemoveAlike(to, field.Name);
        }

        foreach (ref readonly var field in fields)
        {
            if (!IsFraming(field.Name)) to.Add(field.Name, field.Value);
        }
    }

    /// <summary>The fields of our own connection to the target.</summary>
    private static void AddConnectionFields(RequestEnvelope request, RequestUpload? upload, HeaderFields fields)
    {
        // A small body is not worth the round trip.
        if (upload is not null && request.Body.Length is null or > SmallBody && request.Headers["expect"] is { } expectation)
        {
            fields.Add("Expect", expectation);
        }

        if (HopByHopFields.AcceptsTrailers(request.Headers.Combined("te")))
        {
            fields.Add("TE", "trailers");
            fields.Add("Connection", "TE"); // RFC 9110 §10.1.4; left out in HTTP/2
        }

        if (request.ProtocolSwitch is not { } wish) return;
        fields.Add("Connection", "Upgrade");
        fields.Add("Upgrade", wish.Protocol);
    }

    /// <summary>What follows the body is known when it has ended; what the client announces is announced.</summary>
    private static void AddTrailers(RequestEnvelope request, RequestUpload upload, OutgoingHead head)
    {
        if (request.Headers.Combined("trailer") is { Length: > 0 } announced) head.Fields.Add("Trailer", announced);
        upload.Trailers = () => RequestTrailers.Of(request, head);
    }

    /// <summary>Whether the field is about the connection or the length of the body, which are the forwarder's business alone.</summary>
    private static bool IsFraming(string name) => HopByHopFields.Contains(name) || Is(name, "Content-Length");

    private static bool Is(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The head of a request to a target, in no form of the wire yet: <see cref="ITargetSender"/> gives it one.</summary>
internal sealed class OutgoingHead
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The method, as it is written: <c>GET</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Scheme and authority: <c>http://pacs.example.org:8042</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The target in origin form (RFC 9112 §3.2.1), as the origin shall see it.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>Whether a middleware sends it elsewhere than to the target, whose credentials are none of the business of others.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Whether it asks for another protocol (RFC 9110 §7.8), which is asked for in HTTP/1.1.</summary>
    public bool Switches { get; init; }

    /// <summary>Whether it asks for the target's health, which must not fail because every connection is in use.</summary>
    public bool IsHealthCheck { get; init; }

    /// <summary>Whether the request is not to share a connection of HTTP/2 with others, because the origin has refused it on shared ones.</summary>
    public bool NeedsOwnConnection { get; set; }

    /// <summary>The client's connection; null where it has none. What authenticates a connection to the origin belongs to it.</summary>
    public IConnectionScope? Client { get; init; }

    /// <summary>Its fields; those of the framing are left to the sender, and so is <c>Host</c> where it is the origin's.</summary>
    public HeaderFields Fields { get; } = new(16);

    /// <summary>The whole URL.</summary>
    public Uri ToUri() => new(Origin + PathAndQuery, AsIs);
}
