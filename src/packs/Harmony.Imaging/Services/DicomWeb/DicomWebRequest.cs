using Harmony.Core.Envelope;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Requests;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>A request to a <c>dicomweb</c> endpoint, understood: a feature of the request.</summary>
/// <param name="Resource">What it is about.</param>
/// <param name="Accept">The media types that the client takes; none where it does not say.</param>
/// <param name="BaseUrl">Where clients reach the service, without a slash at the end.</param>
internal sealed record DicomWebRequest(WebResource Resource, IReadOnlyList<MediaRange> Accept, string BaseUrl)
{
    /// <summary>The query of a search; null for anything else.</summary>
    public SearchQuery? Search { get; init; }

    /// <summary>The wanted media types, the most wanted first; of equals the order of the client. Everything where the client does not say.</summary>
    public IReadOnlyList<MediaRange> Wanted => Accept.Count == 0
        ? [new MediaRange("*/*")]
        : [.. Accept.Where(r => r.Quality > 0).OrderByDescending(r => r.Quality)];

    /// <summary>The request's understanding of itself.</summary>
    /// <exception cref="InvalidOperationException">It did not come by a <c>dicomweb</c> endpoint.</exception>
    public static DicomWebRequest? Of(RequestEnvelope request) => request.Feature<DicomWebRequest>();
}
