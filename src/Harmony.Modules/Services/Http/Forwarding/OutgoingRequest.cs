using System.Net;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Modules.Services.Http.Targets;

namespace Harmony.Modules.Services.Http.Forwarding;

/// <summary>Makes the message for a target of the envelope of a request. One for each backend.</summary>
internal sealed class OutgoingRequest
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

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

    public TargetRequest Build(RequestEnvelope request, HttpTarget target, RequestContent? content)
    {
        var message = new TargetRequest(HttpMethod.Parse(request.Target?.Method ?? _options.Method ?? request.Method), UrlOf(request, target))
        {
            Content = content,
        };
        SetVersion(message, target, request.ProtocolSwitch is not null);
        CopyFields(request, target, message);
        AddOwnFields(request, target, message);
        return message;
    }

    private Uri UrlOf(RequestEnvelope request, HttpTarget target)
    {
        var details = request.Target;
        var root = details?.BaseUrl?.TrimEnd('/') ?? target.Root;
        var hasBasePath = details?.BaseUrl is null ? target.HasBasePath : new Uri(root).AbsolutePath.Length > 1;
        var path = details?.Path ?? request.PathBelowPrefix;
        if (path.Length == 0 && _pathPrefix.Length == 0 && !hasBasePath) path = "/";
        else if (path.Length > 0 && path[0] != '/') path = "/" + path;
        var query = details?.Query ?? request.Query;
        return new Uri(query.Length == 0 ? string.Concat(root, _pathPrefix, path) : string.Concat(string.Concat(root, _pathPrefix, path), "?", query), AsIs);
    }

    private static void SetVersion(TargetRequest message, HttpTarget target, bool switches)
    {
        if (switches)
        {
            message.Version = HttpVersion.Version11;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }
        else
        {
            message.Version = target.Version;
            message.VersionPolicy = target.VersionPolicy;
        }
    }

    private static void CopyFields(RequestEnvelope request, HttpTarget target, TargetRequest message)
    {
        var replacesTrace = request.IsTraced;
        var named = HopByHopFields.NamedBy(request.Headers.Combined("connection"));
        foreach (ref readonly var field in request.Headers.AsSpan())
        {
            if (IsLeftOut(field.Name, target, request.ComesFromTrustedProxy) || named?.Contains(field.Name) == true) continue;
            if (request.NeedsPlainAnswer && Is(field.Name, "Accept-Encoding")) continue;
            if (replacesTrace && TraceFields.Contains(field.Name)) continue;
            message.AddField(field.Name, field.Value);
        }
    }

    /// <summary>Fields of the client that are not for the target, or that are written anew below.</summary>
    private static bool IsLeftOut(string name, HttpTarget target, bool fromTrustedProxy)
        => ForwardedFields.LeavesOut(name, fromTrustedProxy)
        || HopByHopFields.Contains(name)
        || IsRewritten(name)
        || (target.HasAuthentication && (Is(name, "Authorization") || (target.Credentials is { } credentials && Is(name, credentials.Field))));

    private static bool IsRewritten(string name) => name.Length switch
    {
        4 => Is(name, "Host"),
        6 => Is(name, "Expect"),
        7 => Is(name, "Trailer"), // trailers of requests are not passed on, so they are not announced either
        12 => Is(name, "x-request-id"),
        14 => Is(name, "Content-Length"),
        16 => Is(name, "X-Content-Length"),
        _ => false,
    };

    private void AddOwnFields(RequestEnvelope request, HttpTarget target, TargetRequest message)
    {
        ForwardedFields.AddTo(message, request);
        message.AddField("x-request-id", request.RequestId);
        if (request.IsTraced) TraceFields.AddTo(message);
        if (_options.PreserveHost && request.Host.Length > 0) message.Headers.Host = request.Host;
        AddFieldsOfSteps(request, message);
        if (request.NeedsPlainAnswer) message.SetField("Accept-Encoding", "identity");
        if (target.IsOriginOf(message.RequestUri!)) AddFieldsOfTarget(target, message);
        AddConnectionFields(request, message);
    }

    /// <summary>What is for the target and, where a middleware sends the request elsewhere, for nobody else: credentials, and fields that may be some.</summary>
    private void AddFieldsOfTarget(HttpTarget target, TargetRequest message)
    {
        if (target.Credentials is { } credentials) message.SetField(credentials.Field, credentials.Value);
        foreach (var (name, value) in _ownFields) message.SetField(name, value);
    }

    /// <summary>What a middleware wants the target to see. A name may stand on several lines.</summary>
    private static void AddFieldsOfSteps(RequestEnvelope request, TargetRequest message)
    {
        if (request.Target is null) return;
        var fields = request.Target.Headers.AsSpan();
        foreach (ref readonly var field in fields)
        {
            // HttpClient writes what it is given: a line break in a value that a spec took from a body would be a field of its own.
            if (field.Value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"a middleware set the field '{field.Name}' to a value with a line break");
            }

            if (!IsFraming(field.Name)) message.RemoveField(field.Name);
        }

        foreach (ref readonly var field in fields)
        {
            if (!IsFraming(field.Name)) message.AddField(field.Name, field.Value);
        }
    }

    /// <summary>The fields of our own connection to the target.</summary>
    private static void AddConnectionFields(RequestEnvelope request, TargetRequest message)
    {
        // HttpClient sends a small body whatever the target answers to the expectation, so it is not worth the round trip.
        if (message.Content is RequestContent && request.Body.Length is null or > SmallBody && request.Headers["expect"] is { } expectation)
        {
            message.AddField("Expect", expectation);
        }

        if (HopByHopFields.AcceptsTrailers(request.Headers.Combined("te")))
        {
            message.AddField("TE", "trailers");
            message.AddField("Connection", "TE"); // RFC 9110 §10.1.4; left out in HTTP/2
        }

        if (request.ProtocolSwitch is not { } wish) return;
        message.AddField("Connection", "Upgrade");
        message.AddField("Upgrade", wish.Protocol);
    }

    /// <summary>Whether the field is about the connection or the length of the body, which are the forwarder's business alone.</summary>
    private static bool IsFraming(string name) => HopByHopFields.Contains(name) || Is(name, "Content-Length");

    private static bool Is(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
