namespace Harmony.Gateway.Reloading;

/// <summary>Hears of attempts to replace the configuration, on the thread that makes them.</summary>
internal interface IReloadObserver
{
    /// <summary>An attempt begins.</summary>
    void Attempting();

    /// <summary>An attempt has ended, and nobody else has heard of it yet.</summary>
    void Attempted(ReloadStatus status);
}
