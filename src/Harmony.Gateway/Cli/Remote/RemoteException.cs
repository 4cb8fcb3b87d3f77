namespace Harmony.Gateway.Cli.Remote;

/// <summary>A running gateway could not be found or asked; the message is for the user.</summary>
internal sealed class RemoteException(string message) : Exception(message);
