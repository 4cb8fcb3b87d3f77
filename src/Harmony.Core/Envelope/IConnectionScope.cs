namespace Harmony.Core.Envelope;

/// <summary>
/// Holds what belongs to one connection of a client and to nobody else, such as a connection to an origin that has authenticated this client.
/// Safe for concurrent use.
/// </summary>
public interface IConnectionScope
{
    /// <summary>Takes a value out, so that nobody else can use it at the same time.</summary>
    /// <param name="key">Who keeps the value here; compared by reference.</param>
    /// <returns>Null when there is none.</returns>
    IDisposable? Take(object key);

    /// <summary>Keeps a value until it is taken, or until the client's connection ends, which disposes it.</summary>
    /// <param name="key">Who keeps the value here.</param>
    /// <param name="value">The value; disposed at once when the client's connection has ended, or another value has this key.</param>
    void Keep(object key, IDisposable value);
}
