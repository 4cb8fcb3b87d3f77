namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>Stops a request that went out once, got no answer and would go out again unasked.</summary>
internal sealed class RepetitionException(bool isUntouched) : Exception("the connection was closed before a response")
{
    /// <summary>Whether the target has promised not to have acted on the request, so that it may be sent again whatever its method.</summary>
    public bool IsUntouched { get; } = isUntouched;
}
