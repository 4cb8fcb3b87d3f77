namespace Harmony.Core.Envelope;

/// <summary>
/// The names of request metadata that every protocol has, or every pipeline honours. They are public: specs and policies refer to them. Services
/// that write further ones, such as those of DICOM, have the names themselves.
/// </summary>
public static class MetadataKeys
{
    /// <summary><c>http</c>, <c>http3</c> or <c>dimse</c>.</summary>
    public const string Protocol = "protocol";

    /// <summary>The path below the endpoint's prefix, without a leading slash: prefix <c>/api</c>, request <c>/api/ping</c> → <c>ping</c>.</summary>
    public const string Path = "path";

    /// <summary><see cref="Path"/> with the query behind a question mark, if there is one.</summary>
    public const string PathWithQuery = "path_with_query";

    /// <summary>The path with the prefix and a leading slash.</summary>
    public const string FullPath = "full_path";

    /// <summary>The address the connection comes from.</summary>
    public const string RemoteAddr = "remote_addr";

    /// <summary>The address the request comes from: that of the connection, or what a trusted proxy says.</summary>
    public const string ClientIp = "client_ip";

    /// <summary>The request's id, also in the field <c>x-request-id</c>.</summary>
    public const string RequestId = "request_id";

    /// <summary>Set to <c>true</c> by a spec: no backend is called, the answer is built from <c>response</c> in the normalised data.</summary>
    public const string SkipBackends = "skip_backends";

    internal static Dictionary<string, string> Describe(RequestEnvelope request)
    {
        var path = request.PathBelowPrefix.TrimStart('/');
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Protocol] = request.Protocol,
            [Path] = path,
            [PathWithQuery] = request.Query.Length == 0 ? path : $"{path}?{request.Query}",
            [FullPath] = request.Path,
            [RequestId] = request.RequestId,
        };
        if (request.RemoteAddress is { } remote) metadata[RemoteAddr] = remote.ToString();
        if (request.ClientAddress is { } client) metadata[ClientIp] = client.ToString();
        foreach (var source in request.Features.OfType<IMetadataSource>()) source.Describe(request, metadata);
        if (request.Identity is { } identity) Add(metadata, identity);
        return metadata;
    }

    /// <summary>What a feature says, below the claims.</summary>
    internal static void Add(Dictionary<string, string> metadata, IMetadataSource source, RequestEnvelope request)
    {
        source.Describe(request, metadata);
        if (request.Identity is { } identity) Add(metadata, identity);
    }

    /// <summary>Writes the claims, and replaces other values of the same names: only authentication may say who the sender is.</summary>
    internal static void Add(Dictionary<string, string> metadata, Identity identity)
    {
        foreach (var (name, value) in identity.Claims) metadata[name] = value;
    }
}

/// <summary>
/// A feature of a request (<see cref="RequestEnvelope.SetFeature"/>) that is told in its metadata as well. It is written there when a step first looks at
/// metadata, so that other requests do not pay for it.
/// </summary>
public interface IMetadataSource
{
    /// <summary>Adds what it says.</summary>
    /// <param name="request">The request whose feature it is.</param>
    /// <param name="metadata">Its metadata.</param>
    void Describe(RequestEnvelope request, IDictionary<string, string> metadata);
}
