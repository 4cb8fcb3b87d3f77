using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>
/// Whether a system lets requests for associations wait in vain. Each would cost its request the whole time-out, so after the first none is sent for a while,
/// and then one request at a time; the others fail at once. The first association that comes about, or is refused, ends that. Safe for concurrent use.
/// </summary>
/// <param name="pause">How long no association is requested; <see cref="TimeSpan.Zero"/> to request always.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class Silence(TimeSpan pause, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private AssociationTimeoutException? _last;
    private long _since;
    private bool _isAsked;

    /// <summary>Whether the last request for an association was in vain.</summary>
    public bool IsKnown
    {
        get
        {
            lock (_lock) return _last is not null;
        }
    }

    /// <summary>Lets a request ask for an association; what came of it is to be noted.</summary>
    /// <exception cref="SilentSystemException">No association is requested now, or another request does so.</exception>
    public void Enter()
    {
        lock (_lock)
        {
            if (_last is null) return;
            if (_isAsked || clock.GetElapsedTime(_since) < pause) throw new SilentSystemException(_last, pause);
            _isAsked = true;
        }
    }

    /// <summary>Notes that an association has come about.</summary>
    public void Heard() => Note(null);

    /// <summary>Notes why none has come about.</summary>
    public void Note(Exception? e)
    {
        lock (_lock)
        {
            _isAsked = false;
            if (e is OperationCanceledException or AssociationsBusyException || pause == TimeSpan.Zero) return;
            (_last, _since) = (e as AssociationTimeoutException, clock.GetTimestamp());
        }
    }
}

/// <summary>A system was not asked, because it has let the last request for an association wait in vain.</summary>
/// <param name="last">How long that waited.</param>
/// <param name="pause">How long no association is requested.</param>
internal sealed class SilentSystemException(AssociationTimeoutException last, TimeSpan pause)
    : DicomNetworkException($"{last.Message}; so it gets no requests for {pause.TotalSeconds:0.###} s, and then one at a time", last);
