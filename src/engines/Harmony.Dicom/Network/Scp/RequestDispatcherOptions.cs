namespace Harmony.Dicom.Network.Scp;

/// <summary>Limits of operations.</summary>
internal sealed record RequestDispatcherOptions(TimeSpan OperationTimeout, int MaxIdentifierLength, TimeProvider TimeProvider)
{
    /// <summary>See <see cref="AcceptorOptions.ChecksObjects"/>.</summary>
    public bool ChecksObjects { get; init; }
}
