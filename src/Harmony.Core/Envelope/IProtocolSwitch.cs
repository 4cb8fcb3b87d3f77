namespace Harmony.Core.Envelope;

/// <summary>The client's wish to go on in another protocol on the same connection.</summary>
public interface IProtocolSwitch
{
    /// <summary>The protocol asked for, as in the <c>Upgrade</c> field: <c>websocket</c>.</summary>
    string Protocol { get; }
}
