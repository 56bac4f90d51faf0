namespace ExamPlatform.Notifications;

/// <summary>
/// How a gateway has done lately, as this process saw it. Once too many of its last answers were failures or late, the others come first; after a rest one message tries it (half-open), and its
/// answer decides. Refusals that are about a person say nothing about a gateway.
/// </summary>
public sealed class SmsHealth(TimeProvider clock)
{
    private const int Remembered = 20, Fewest = 5;
    private const double MostBad = 0.3;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30), Slow = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Dictionary<string, State> states = [];

    private sealed class State
    {
        public Queue<bool> Bad { get; } = [];
        public DateTimeOffset? RestsUntil { get; set; }
        public bool Tried { get; set; }
    }

    /// <summary>The one to send the next message by: the first that is well, else one whose rest is over, else the first.</summary>
    /// <param name="names">In the operator's order.</param>
    /// <param name="refusedBy">The one that has just refused this very message: another that is well comes before it.</param>
    public string Choose(IReadOnlyList<string> names, string? refusedBy)
    {
        ArgumentNullException.ThrowIfNull(names);
        lock (gate)
        {
            var (now, asked) = (clock.GetUtcNow(), names.OrderBy(name => name == refusedBy).ToList());
            if (asked.Find(name => Of(name).RestsUntil <= now) is { } halfOpen)
            {
                Of(halfOpen).Tried = true;
                Of(halfOpen).RestsUntil = now + Rest; // meanwhile no other message goes by it; if no answer ever comes, it is tried again after as long
                return halfOpen;
            }
            return asked.Find(name => Of(name).RestsUntil is null) ?? asked[0];
        }
    }

    public void Note(string name, SendAnswer answer, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(answer);
        lock (gate)
        {
            var (state, bad) = (Of(name), took > Slow || (answer.Outcome is SendOutcome.Unknown or SendOutcome.Refused && !answer.OfThePerson));
            state.Bad.Enqueue(bad);
            if (state.Bad.Count > Remembered) state.Bad.Dequeue();
            if (state.Tried && !bad) (state.Tried, state.RestsUntil) = (false, null);
            else if (state.Tried) (state.Tried, state.RestsUntil) = (false, clock.GetUtcNow() + Rest);
            else if (state.RestsUntil is null && state.Bad.Count >= Fewest && state.Bad.Count(b => b) > state.Bad.Count * MostBad) state.RestsUntil = clock.GetUtcNow() + Rest;
            else return;
            state.Bad.Clear(); // what comes now counts anew
        }
    }

    private State Of(string name) => states.TryGetValue(name, out var state) ? state : states[name] = new();
}

/// <summary>The SMS gateways of the platform. Which one sends is written down before anything leaves; a doubt is asked about there, and no other gateway sends meanwhile.</summary>
public sealed class SmsGateways(IEnumerable<ISmsGateway> gateways, SmsHealth health, TimeProvider clock)
{
    private readonly List<ISmsGateway> gateways = [.. gateways];

    /// <summary>By which gateway a delivery that is about to be sent goes.</summary>
    public string Choose(Delivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return health.Choose(gateways.ConvertAll(g => g.Name), delivery.LastCode is null ? null : delivery.Gateway);
    }

    public async Task<SendAnswer> Send(Delivery delivery, Sms sms, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var (gateway, began) = (Of(delivery), clock.GetTimestamp());
        var answer = await gateway.SendAsync(sms, ct);
        health.Note(gateway.Name, answer, clock.GetElapsedTime(began));
        return answer;
    }

    /// <summary>A gateway shows a message some time after it has taken it: that it knows of none is believed after <see cref="Delivery.Lease"/>.</summary>
    public async Task<SendAnswer> Find(Delivery delivery, string mobile, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var answer = await Of(delivery).FindAsync(mobile, delivery.Id, delivery.SentAt!.Value, ct);
        return answer.Outcome is SendOutcome.Refused && clock.GetUtcNow() - delivery.SentAt < Delivery.Lease ? answer with { Outcome = SendOutcome.Unknown } : answer;
    }

    /// <summary>Deliveries from before there was a choice went by the first.</summary>
    private ISmsGateway Of(Delivery delivery) => gateways.Find(g => g.Name == delivery.Gateway) ?? gateways[0];
}
