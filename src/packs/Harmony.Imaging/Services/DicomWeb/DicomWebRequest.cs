using Harmony.Core.Envelope;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Requests;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>A request to a <c>dicomweb</c> endpoint, understood: a feature of the request.</summary>
/// <param name="Resource">What it is about.</param>
/// <param name="BaseUrl">Where clients reach the service, without a slash at the end.</param>
internal sealed record DicomWebRequest(WebResource Resource, string BaseUrl)
{
    private static readonly MediaRange[] Anything = [new("*/*")];

    /// <summary>The query of a search; null for anything else.</summary>
    public SearchQuery? Search { get; init; }

    /// <summary>The media types that the client takes; none where it does not say.</summary>
    public IReadOnlyList<MediaRange> Accept
    {
        get;
        init
        {
            field = value;
            Wanted = value.Count == 0 ? Anything : [.. value.Where(r => r.Quality > 0).OrderByDescending(r => r.Quality)];
        }
    } = [];

    /// <summary>The wanted media types, the most wanted first; of equals the order of the client. Everything where the client does not say.</summary>
    public IReadOnlyList<MediaRange> Wanted { get; private init; } = Anything;

    /// <summary>Tells the client, with its response, what was not done as it asked for (PS3.18 §8.3.5.1, RFC 7234 §5.5.7).</summary>
    /// <param name="response">The response.</param>
    /// <param name="text">What, in a sentence.</param>
    public void Warn(ResponseEnvelope response, string text) => response.Headers.Add("warning", $"299 {BaseUrl} \"{text.Replace('"', '\'')}\"");

    /// <summary>The request's understanding of itself.</summary>
    /// <exception cref="InvalidOperationException">It did not come by a <c>dicomweb</c> endpoint.</exception>
    public static DicomWebRequest? Of(RequestEnvelope request) => request.Feature<DicomWebRequest>();

    /// <summary>The URL of a study, a series or an instance for clients.</summary>
    public string UrlOf(string study, string? series = null, string? instance = null) => BaseUrl + WebPath.OfEntity(study, series, instance);
}
