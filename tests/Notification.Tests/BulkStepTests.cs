using ExamPlatform.Notifications.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Notifications.Tests;

/// <summary>A service whose own senders stand still: the test takes each step itself.</summary>
public sealed class StillFixture : NotificationFixture
{
    protected override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        foreach (var job in services.Where(s => s.ImplementationType == typeof(CarryBulkSends) || s.ImplementationType == typeof(SendDeliveries)).ToList()) services.Remove(job);
    }
}

/// <summary>What the platform does on its own with a bulk send, step by step.</summary>
public sealed class BulkStepTests(StillFixture service) : IClassFixture<StillFixture>
{
    [Fact]
    public async Task However_many_replicas_send_nobody_has_two_notices()
    {
        var id = await Sending(150);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Step(id)));
        while (await Step(id)) { }

        Assert.Equal((150, 150), (await Notices(id), await service.Query(db => db.Notices.Where(n => n.BulkSendId == id).Select(n => n.CandidateId).Distinct().CountAsync())));
        await Deliver();
    }

    [Fact]
    public async Task After_a_stop_no_further_batch_is_made_and_what_was_made_does_not_go_out()
    {
        var id = await Sending(BulkSteps.Batch + 20);
        await Step(id);
        await Act(id, bulk => bulk.Stop(Guid.NewGuid(), "有误", service.Clock.Now));

        await Step(id);
        await Deliver();

        Assert.Equal(BulkSteps.Batch, await Notices(id));
        Assert.Equal(0, await service.Query(db => db.Notices.CountAsync(n => n.BulkSendId == id && n.Title != null)));
        Assert.True(await service.Query(db => db.Deliveries.Where(d => db.Notices.Any(n => n.Id == d.NoticeId && n.BulkSendId == id)).AllAsync(d => d.State == DeliveryState.Skipped && d.LastCode == "stopped")));
    }

    [Fact]
    public async Task After_a_stop_what_is_in_doubt_is_not_sent_again()
    {
        var id = await Sending(1);
        await Step(id);
        await Act(id, bulk => bulk.Stop(Guid.NewGuid(), "有误", service.Clock.Now));

        await Deliver(inDoubt: true);

        Assert.Equal(0, await service.Query(db => db.Notices.CountAsync(n => n.BulkSendId == id && n.Title != null)));
    }

    [Fact]
    public async Task No_more_is_made_while_much_is_due_and_it_has_not_ended_before_all_has_gone_out()
    {
        var id = await Sending(3 * BulkSteps.Batch + BulkSteps.MostDue);

        while (await Step(id)) { }
        Assert.Equal(3 * BulkSteps.Batch, await Notices(id));

        await Deliver();
        while (await Step(id)) { }
        await Deliver(of: BulkSteps.Batch);
        await Step(id);
        Assert.Equal(BulkState.Sending, await service.Query(db => db.BulkSends.Where(b => b.Id == id).Select(b => b.State).SingleAsync()));
        await Deliver();
        await Step(id);
        Assert.Equal(BulkState.Sent, await service.Query(db => db.BulkSends.Where(b => b.Id == id).Select(b => b.State).SingleAsync()));
    }

    /// <summary>An approved one, for the inbox only.</summary>
    private Task<Guid> Sending(int people) => service.Query(async db =>
    {
        var bulk = BulkSend.Write("HP", "2027", "", [AudienceState.Unpaid], "标题", "正文", false, Guid.NewGuid(), service.Clock.Now);
        bulk.Count(people, 0, 0, people, null, 0, service.Clock.Now);
        bulk.Propose(bulk.WrittenBy, service.Clock.Now);
        bulk.Approve(Guid.NewGuid(), service.Clock.Now);
        db.BulkSends.Add(bulk);
        for (var n = 0; n < people; n++) db.BulkRecipients.Add(new() { BulkSendId = bulk.Id, CandidateId = Guid.NewGuid(), ApplicationId = Guid.NewGuid() });
        await db.SaveChangesAsync();
        return bulk.Id;
    });

    private async Task<bool> Step(Guid id)
    {
        await using var scope = service.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<BulkSteps>().Take(id, CancellationToken.None);
    }

    private Task Act(Guid id, Func<BulkSend, Refusal?> act) => service.Query(async db =>
    {
        Assert.Null(act(await db.BulkSends.SingleAsync(b => b.Id == id)));
        return await db.SaveChangesAsync();
    });

    /// <summary>What the sender would do with deliveries that wait.</summary>
    private async Task Deliver(int of = int.MaxValue, bool inDoubt = false)
    {
        foreach (var delivery in await service.Query(db => db.Deliveries.Where(d => d.State == DeliveryState.Waiting).OrderBy(d => d.Id).Take(of).Select(d => d.Id).ToListAsync()))
        {
            await using var scope = service.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
            (await db.Deliveries.SingleAsync(d => d.Id == delivery)).Start(service.Clock.Now);
            await db.SaveChangesAsync();
            await scope.ServiceProvider.GetRequiredService<DeliverNotice>().Attempt(delivery, inDoubt, CancellationToken.None);
        }
    }

    private Task<int> Notices(Guid id) => service.Query(db => db.Notices.CountAsync(n => n.BulkSendId == id));
}
