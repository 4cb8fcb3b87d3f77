namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>Stops a request that went out once, got no answer and would go out again unasked.</summary>
internal sealed class RepetitionException() : Exception("the connection was closed before an answer");
