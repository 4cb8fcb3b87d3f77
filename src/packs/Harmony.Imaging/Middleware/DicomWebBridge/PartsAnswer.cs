using Harmony.Core.Envelope;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>A response of objects of which the first is there, so that a status can be said.</summary>
internal static class PartsAnswer
{
    /// <param name="request">The request.</param>
    /// <param name="first">The first object.</param>
    /// <param name="rest">Makes the others, one after another; null at the end.</param>
    /// <param name="source">What they come from; disposed with the response.</param>
    /// <param name="partType">Media type of parts; null for one object that is the whole body.</param>
    public static ResponseEnvelope Of(
        RequestEnvelope request, StreamedObject first, Func<ValueTask<StreamedObject?>> rest, IAsyncDisposable source, string? partType)
    {
        var objects = new ObjectStream(AllAsync(first, partType is null ? NothingAsync : rest), source: source);
        var response = new ResponseEnvelope(request, 200) { Objects = objects };
        response.SetFeature(new PartsForm(partType));
        return response;
    }

    private static async IAsyncEnumerable<StreamedObject> AllAsync(StreamedObject first, Func<ValueTask<StreamedObject?>> rest)
    {
        yield return first;
        while (await rest() is { } next) yield return next;
    }

    private static ValueTask<StreamedObject?> NothingAsync() => new((StreamedObject?)null);
}
