using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Web.Media;

namespace Harmony.Packages.Jmix;

/// <summary>Reads method, path, query and header fields of a request to the JMIX API.</summary>
internal static class JmixRequest
{
    private static readonly string[] ZipTypes = ["application/zip", "application/octet-stream"], GzipTypes = ["application/gzip", "application/x-gzip"];

    /// <summary>The parsed request, or the response to a request that the API does not have.</summary>
    public static (JmixCall? Call, ResponseEnvelope? Answer) Parse(RequestEnvelope request, JmixEndpointOptions options)
    {
        var path = request.PathBelowPrefix.Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path switch
        {
            [] => Collection(request),
            ["prime", var study] => Prime(request, study),
            ["uploads"] => TusRequest.Parse(request, null, options.MaxBodySize),
            ["uploads", var id] when Guid.TryParseExact(id, "D", out var upload) => TusRequest.Parse(request, upload, options.MaxBodySize),
            [var id] when Guid.TryParseExact(id, "D", out var package) => Package(request, package, options.AllowDelete),
            [var id, "manifest"] when Guid.TryParseExact(id, "D", out var package) => Manifest(request, package),
            _ => (null, JmixResponses.NotFound(request)),
        };
    }

    /// <summary>Whether a text can be a UID (<see cref="Uid.IsTolerable"/>), and with that the name of a folder.</summary>
    public static bool IsUid(string text) => text.Length <= 64 && Uid.IsTolerable(text);

    private static (JmixCall?, ResponseEnvelope?) Collection(RequestEnvelope request)
    {
        switch (request.Method)
        {
            case "GET" or "HEAD":
                if (!request.QueryParams.TryGetValue("studyInstanceUid", out var values) || values[0].Length == 0)
                    return (null, JmixResponses.Error(request, 400, "missing studyInstanceUid"));
                if (values.Count > 1) return (null, JmixResponses.Error(request, 400, "studyInstanceUid stands there more than once"));
                if (!IsUid(values[0])) return (null, JmixResponses.Error(request, 400, "studyInstanceUid is no UID: digits and dots, at most 64"));
                return Accepting(request, new JmixCall(JmixOperation.Study, StudyInstanceUid: values[0]));
            case "POST":
                return (new JmixCall(JmixOperation.Upload), null);
            case "OPTIONS":
                return (null, JmixResponses.Allowed(request, "GET, HEAD, POST, OPTIONS"));
            default:
                return (null, JmixResponses.NotAllowed(request, "GET, HEAD, POST, OPTIONS"));
        }
    }

    private static (JmixCall?, ResponseEnvelope?) Prime(RequestEnvelope request, string study) => request.Method switch
    {
        "GET" or "POST" => IsUid(study)
            ? (new JmixCall(JmixOperation.Prime, StudyInstanceUid: study), null)
            : (null, JmixResponses.Error(request, 400, "the study is no UID: digits and dots, at most 64")),
        "OPTIONS" => (null, JmixResponses.Allowed(request, "GET, POST, OPTIONS")),
        _ => (null, JmixResponses.NotAllowed(request, "GET, POST, OPTIONS")),
    };

    private static (JmixCall?, ResponseEnvelope?) Package(RequestEnvelope request, Guid id, bool allowsDelete)
    {
        var methods = allowsDelete ? "GET, HEAD, DELETE, OPTIONS" : "GET, HEAD, OPTIONS";
        return request.Method switch
        {
            "GET" or "HEAD" => Accepting(request, new JmixCall(JmixOperation.Package, id)),
            "DELETE" when allowsDelete => (new JmixCall(JmixOperation.Delete, id), null),
            "OPTIONS" => (null, JmixResponses.Allowed(request, methods)),
            _ => (null, JmixResponses.NotAllowed(request, methods)),
        };
    }

    private static (JmixCall?, ResponseEnvelope?) Manifest(RequestEnvelope request, Guid id) => request.Method switch
    {
        "GET" or "HEAD" => (new JmixCall(JmixOperation.Manifest, id), null),
        "OPTIONS" => (null, JmixResponses.Allowed(request, "GET, HEAD, OPTIONS")),
        _ => (null, JmixResponses.NotAllowed(request, "GET, HEAD, OPTIONS")),
    };

    /// <summary>Chooses the form of the archive: a zip, unless the client prefers a tar.gz; 406 if the client takes neither.</summary>
    private static (JmixCall?, ResponseEnvelope?) Accepting(RequestEnvelope request, JmixCall call)
    {
        if (request.Headers.Combined("accept") is not { } accept || accept.AsSpan().Trim().IsEmpty) return (call, null);
        var ranges = AcceptHeader.Parse(accept);
        var (zip, gzip) = (Quality(ranges, ZipTypes), Quality(ranges, GzipTypes));
        if (zip == 0 && gzip == 0) return (null, JmixResponses.Error(request, 406, "packages are application/zip or application/gzip"));
        return (call with { IsTarGz = gzip > zip }, null);
    }

    /// <summary>The highest quality value of some media types; the most specific range decides on each (RFC 9110 §12.5.1).</summary>
    private static double Quality(IReadOnlyList<MediaRange> ranges, string[] names)
        => names.Max(name => ranges.Where(r => r.Includes(name)).OrderBy(r => r.Type.Count(c => c == '*')).FirstOrDefault()?.Quality ?? 0);
}
