using Harmony.Core.Envelope;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>Makes the gateway's own requests to the backend of a request (<see cref="Core.Pipeline.BackendQuestions"/>).</summary>
internal static class Questions
{
    /// <summary>A request on behalf of the client: from the same address, with the same credentials and identity, without a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path below the base, with a leading slash.</param>
    public static RequestEnvelope Of(RequestEnvelope request, string method, string path)
    {
        var headers = new HeaderFields(8);
        headers.Add("host", request.Host);
        headers.Add("accept", FhirMediaTypes.Json);
        if (request.Headers["authorization"] is { } authorization) headers.Add("authorization", authorization);
        var question = new RequestEnvelope
        {
            Protocol = request.Protocol,
            Method = method,
            Scheme = request.Scheme,
            Host = request.Host,
            Path = request.Path[..Math.Max(0, request.Path.Length - request.PathBelowPrefix.Length)].TrimEnd('/') + path,
            PathBelowPrefix = path,
            Headers = headers,
            Body = Body.Empty(),
            RemoteAddress = request.RemoteAddress,
            ClientAddress = request.ClientAddress,
            ComesFromTrustedProxy = request.ComesFromTrustedProxy,
            ForwardedBy = request.ForwardedBy,
            RequestId = request.RequestId,
            EndpointName = request.EndpointName,
            Aborted = request.Aborted,
            Overdue = request.Overdue,
            ViaName = request.ViaName,
        };
        if (request.Identity is { } identity) question.Identify(identity);
        return question;
    }
}
