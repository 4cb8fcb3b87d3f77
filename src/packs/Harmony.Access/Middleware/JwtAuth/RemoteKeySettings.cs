namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>How keys are kept fresh.</summary>
/// <param name="Middleware">Whose keys they are, for the log.</param>
/// <param name="RefreshEvery">Time after which they are fetched again.</param>
/// <param name="MinInterval">Shortest time between two fetches that tokens cause.</param>
internal sealed record RemoteKeySettings(string Middleware, TimeSpan RefreshEvery, TimeSpan MinInterval);
