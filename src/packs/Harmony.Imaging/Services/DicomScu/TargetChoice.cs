using Harmony.Core.Envelope;
using Harmony.Http.Services.Targets;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>
/// Which target a request is at. It goes to another when that one has failed it, but not once it has an answer of it: what one system has found
/// is not to be retrieved from another.
/// </summary>
/// <param name="targets">What there is to choose from.</param>
/// <param name="request">The request.</param>
internal sealed class TargetChoice(TargetGroup<DicomTarget> targets, RequestEnvelope request)
{
    private DicomTarget? _failed;
    private bool _isSettled;

    /// <summary>Whether an answer settles the choice. Objects of one store are independent of each other.</summary>
    public bool IsSettledByAnswer { get; init; } = true;

    /// <summary>The target of the last try; null before the first.</summary>
    public DicomTarget? Current { get; private set; }

    /// <summary>Why not all was done, for the log; null where all was, or an exception tells.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether the steps of the request are traced.</summary>
    public bool IsTraced => request.IsTraced;

    /// <summary>Whether the next try may go to another target.</summary>
    public bool MayMove => !_isSettled && targets.All.Count(t => t.IsEnabled) > 1;

    /// <summary>The target of the next try.</summary>
    /// <exception cref="Harmony.Core.Faults.GatewayException">All of them have been taken out.</exception>
    public DicomTarget Next()
    {
        if (Current is null || (Current == _failed && !_isSettled)) Current = targets.Pick(_failed);
        request.AskedTarget = Current.Name;
        return Current;
    }

    /// <summary>Notes why something was not done that the answer tells of; the first reason stays.</summary>
    public void Lacks(string reason) => Reason ??= reason;

    /// <summary>The target has failed the request.</summary>
    public void Failed() => _failed = Current;

    /// <summary>The target has answered something.</summary>
    public void Answered() => _isSettled |= IsSettledByAnswer;
}
