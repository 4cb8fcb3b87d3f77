namespace Harmony.Dicom.Network.Transport;

/// <summary>No connection came about.</summary>
/// <param name="message">To whom, and what went wrong.</param>
/// <param name="cause">What was thrown first.</param>
public sealed class ConnectionFailedException(string message, Exception? cause = null) : DicomNetworkException(message, cause)
{
    /// <inheritdoc/>
    public override bool IsTransient => InnerException is not System.Security.Authentication.AuthenticationException;
}
