namespace Harmony.Packages.JmixBuilder;

/// <summary>The turn of a request to build the package of a study: a feature of the request from the left side to the right.</summary>
/// <param name="place">Given back when the turn ends.</param>
internal sealed class StudyTurn(IDisposable place) : IDisposable
{
    /// <summary>Whether work that outlives the request gives the turn back.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>The client has gone, and perhaps no response will come by.</summary>
    public void Abandon()
    {
        if (!IsHandedOver) place.Dispose();
    }

    public void Dispose() => place.Dispose();
}
