using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Packages.Jmix;

/// <summary>Reads method, path, query and header fields of a request to the JMIX API.</summary>
internal static class JmixRequest
{
    /// <summary>What a request wants, or the answer to one that wants nothing there is.</summary>
    public static (JmixCall? Call, ResponseEnvelope? Answer) Parse(RequestEnvelope request, bool allowsDelete)
    {
        var path = request.PathBelowPrefix.Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path switch
        {
            [] => Collection(request),
            ["prime", var study] => Prime(request, study),
            [var id] when Guid.TryParseExact(id, "D", out var package) => Package(request, package, allowsDelete),
            [var id, "manifest"] when Guid.TryParseExact(id, "D", out var package) => Manifest(request, package),
            _ => (null, JmixAnswers.NotFound(request)),
        };
    }

    /// <summary>Whether this can stand for a UID: see <see cref="Uid.IsTolerable"/>. It names folders.</summary>
    public static bool IsUid(string text) => text.Length <= 64 && Uid.IsTolerable(text);

    private static (JmixCall?, ResponseEnvelope?) Collection(RequestEnvelope request)
    {
        switch (request.Method)
        {
            case "GET" or "HEAD":
                if (!request.QueryParams.TryGetValue("studyInstanceUid", out var values) || values[0].Length == 0)
                    return (null, JmixAnswers.Error(request, 400, "missing studyInstanceUid"));
                if (values.Count > 1) return (null, JmixAnswers.Error(request, 400, "studyInstanceUid stands there more than once"));
                if (!IsUid(values[0])) return (null, JmixAnswers.Error(request, 400, "studyInstanceUid is no UID: digits and dots, at most 64"));
                return Accepting(request, new JmixCall(JmixOperation.Study, StudyInstanceUid: values[0]));
            case "POST":
                return (new JmixCall(JmixOperation.Upload), null);
            case "OPTIONS":
                return (null, JmixAnswers.Allowed(request, "GET, HEAD, POST, OPTIONS"));
            default:
                return (null, JmixAnswers.NotAllowed(request, "GET, HEAD, POST, OPTIONS"));
        }
    }

    private static (JmixCall?, ResponseEnvelope?) Prime(RequestEnvelope request, string study) => request.Method switch
    {
        "GET" or "POST" => IsUid(study)
            ? (new JmixCall(JmixOperation.Prime, StudyInstanceUid: study), null)
            : (null, JmixAnswers.Error(request, 400, "the study is no UID: digits and dots, at most 64")),
        "OPTIONS" => (null, JmixAnswers.Allowed(request, "GET, POST, OPTIONS")),
        _ => (null, JmixAnswers.NotAllowed(request, "GET, POST, OPTIONS")),
    };

    private static (JmixCall?, ResponseEnvelope?) Package(RequestEnvelope request, Guid id, bool allowsDelete)
    {
        var methods = allowsDelete ? "GET, HEAD, DELETE, OPTIONS" : "GET, HEAD, OPTIONS";
        return request.Method switch
        {
            "GET" or "HEAD" => Accepting(request, new JmixCall(JmixOperation.Package, id)),
            "DELETE" when allowsDelete => (new JmixCall(JmixOperation.Delete, id), null),
            "OPTIONS" => (null, JmixAnswers.Allowed(request, methods)),
            _ => (null, JmixAnswers.NotAllowed(request, methods)),
        };
    }

    private static (JmixCall?, ResponseEnvelope?) Manifest(RequestEnvelope request, Guid id) => request.Method switch
    {
        "GET" or "HEAD" => (new JmixCall(JmixOperation.Manifest, id), null),
        "OPTIONS" => (null, JmixAnswers.Allowed(request, "GET, HEAD, OPTIONS")),
        _ => (null, JmixAnswers.NotAllowed(request, "GET, HEAD, OPTIONS")),
    };

    private static (JmixCall?, ResponseEnvelope?) Accepting(RequestEnvelope request, JmixCall call)
    {
        if (request.Headers["accept"] is not { Length: > 0 } accept || Accepts(accept, "application/zip")) return (call, null);
        return Accepts(accept, "application/gzip")
            ? (call with { IsTarGz = true }, null)
            : (null, JmixAnswers.Error(request, 406, "packages are application/zip or application/gzip"));
    }

    private static bool Accepts(string accept, string type)
    {
        foreach (var range in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Skip(1).Any(p => p.Replace(" ", "", StringComparison.Ordinal) is "q=0" or "q=0.0" or "q=0.00" or "q=0.000")) continue;
            if (parts[0] is "*/*" or "application/*" || parts[0].Equals(type, StringComparison.OrdinalIgnoreCase)) return true;
            if (type == "application/zip" && parts[0].Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)) return true;
            if (type == "application/gzip" && parts[0].Equals("application/x-gzip", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
