using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Imaging.Services.DicomWeb.Proxying;

/// <summary>
/// The addresses by which servers call themselves in responses. What begins with one of them is shown to begin with the gateway's; anything else stays.
/// </summary>
internal sealed class ServerAddresses
{
    private readonly string[] _urls;
    private readonly string[] _paths;

    /// <param name="urls">The addresses.</param>
    public ServerAddresses(IReadOnlyList<string> urls)
    {
        _urls = [.. urls.Select(u => u.TrimEnd('/')).Distinct(StringComparer.Ordinal)];
        _paths = [.. _urls.Select(u => new Uri(u).AbsolutePath.TrimEnd('/')).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Rewrites JSON and XML while they stream, multipart too; a location in a header as well. What is content-coded cannot be read, and stays.
    /// </summary>
    public void Rewrite(ResponseEnvelope response, string baseUrl)
    {
        // A server that heeds forwarding fields names the client's host, and its own path.
        var request = response.Request;
        string[] known =
            [.. _urls.Concat(_paths.Select(p => $"{request.Scheme}://{request.Host}{p}")).Where(u => u != baseUrl).Distinct(StringComparer.Ordinal)];
        foreach (var name in new[] { "location", "content-location" })
        {
            if (response.Headers[name] is { } url && Find(known, url) is { } length) response.Headers.Set(name, baseUrl + url[length..]);
        }

        if (response.Headers["content-encoding"] is not null and not "identity") return;
        if (response.Headers["content-type"] is not { } type
            || !(type.Contains("json", StringComparison.OrdinalIgnoreCase) || type.Contains("xml", StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        response.Headers.Remove("content-length");
        response.Headers.Remove("etag"); // it is of other bytes
        // Orthanc 1.10 takes the quotation marks around a host with a port (RFC 7239 §4) for part of it.
        var quoted = _paths.Select(p => Encoding.ASCII.GetBytes($"{request.Scheme}://\\\"{request.Host}\\\"{p}"));
        response.Body.Replace(
            new AddressRewriter(response.Body.OpenStream(), [.. known.SelectMany(Spellings).Concat(quoted).OrderByDescending(s => s.Length)], baseUrl),
            length: null);
    }

    private static int? Find(string[] known, string url)
    {
        foreach (var one in known)
        {
            if (url.StartsWith(one, StringComparison.OrdinalIgnoreCase) && (url.Length == one.Length || url[one.Length] is '/' or '?')) return one.Length;
        }

        return null;
    }

    /// <summary>As it stands in text, and as some writers of JSON escape it.</summary>
    private static IEnumerable<byte[]> Spellings(string url)
    {
        yield return Encoding.ASCII.GetBytes(url);
        yield return Encoding.ASCII.GetBytes(url.Replace("/", "\\/", StringComparison.Ordinal));
    }
}
