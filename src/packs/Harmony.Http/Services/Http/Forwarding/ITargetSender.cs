namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Carries a request to a target and brings its answer, in one version or another of HTTP.</summary>
internal interface ITargetSender
{
    /// <summary>Whether fields can follow the body of a request.</summary>
    bool TakesTrailers { get; }

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    /// <param name="head">The head.</param>
    /// <param name="upload">The body; null for none. May still be on its way when the answer is there.</param>
    /// <param name="deadline">Its token ends everything, the answer's body included.</param>
    /// <exception cref="HttpRequestException">No connection, or something that is not HTTP.</exception>
    /// <exception cref="IOException">The target broke off.</exception>
    ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline);
}
