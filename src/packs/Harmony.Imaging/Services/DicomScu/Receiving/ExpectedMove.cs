using Harmony.Imaging.Services.DicomScu.Operations;
using Harmony.Imaging.Services.DicomScu.Retrieved;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>A move that is under way, and where its objects go.</summary>
/// <param name="Source">Who was asked for it.</param>
/// <param name="LocalAeTitle">The title they are sent to.</param>
/// <param name="Plan">What was asked for.</param>
/// <param name="Folder">Where they go.</param>
internal sealed record ExpectedMove(string Source, string LocalAeTitle, RetrievalPlan Plan, RetrievalFolder Folder)
{
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of its request, which no other move that is under way on this port has. Objects are sent with it: (0000,1031).</summary>
    public ushort MessageId { get; set; }

    /// <summary>Completes when it is under way no more.</summary>
    public Task IsOver => _isOver.Task;

    /// <summary>Whether an object could be taken for one of the other's, if it did not tell.</summary>
    public bool IsInTheWayOf(ExpectedMove other) => LocalAeTitle == other.LocalAeTitle && Plan.MayOverlap(other.Plan);

    public void End() => _isOver.TrySetResult();
}
